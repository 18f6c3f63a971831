import { createSecureContext } from 'node:tls';
import { type ReadText, rule } from './rule.js';

/** Parts of a PostgreSQL URL that name files, which the driver reads. */
const DATABASE_FILES = ['sslcert', 'sslkey', 'sslrootcert'];

/** What the files that variables name must be. Whoever uses them reads them again. */
export const filesRules = [
  rule(['TLS_CERT', 'TLS_KEY'], ({ TLS_CERT, TLS_KEY }) =>
    (TLS_CERT === undefined) === (TLS_KEY === undefined) ? [] : ['TLS_CERT, TLS_KEY (both or none)'],
  ),
  rule(['TLS_CERT', 'TLS_KEY'], ({ TLS_CERT, TLS_KEY }, { readText }) => tlsFaults(TLS_CERT, TLS_KEY, readText)),
  rule(['DATABASE_URL'], ({ DATABASE_URL }, { readText }) => {
    const named = DATABASE_URL === undefined ? undefined : URL.parse(DATABASE_URL.reveal())?.searchParams;
    return DATABASE_FILES.filter((part) => isUnreadable(named?.get(part), readText)).map(
      (part) => `DATABASE_URL (${part} unreadable)`,
    );
  }),
];

const isUnreadable = (path: string | null | undefined, readText: ReadText): boolean =>
  path !== null && path !== undefined && path !== '' && readText(path) === undefined;

function tlsFaults(certPath: string | undefined, keyPath: string | undefined, readText: ReadText): string[] {
  const cert = certPath === undefined ? undefined : readText(certPath);
  const key = keyPath === undefined ? undefined : readText(keyPath);
  const faults = [
    ...pemFaults('TLS_CERT (not a PEM certificate chain)', { cert }),
    ...pemFaults('TLS_KEY (not a private key in PEM without passphrase)', { key }),
    ...(isUnreadable(certPath, readText) ? ['TLS_CERT (unreadable)'] : []),
    ...(isUnreadable(keyPath, readText) ? ['TLS_KEY (unreadable)'] : []),
  ];
  if (faults.length > 0 || cert === undefined || key === undefined) return faults;
  return pemFaults('TLS_CERT, TLS_KEY (do not belong together)', { cert, key });
}

/** The very test that the server makes. */
function pemFaults(fault: string, parts: { readonly cert?: string | undefined; readonly key?: string | undefined }) {
  try {
    createSecureContext({ ...parts });
    return [];
  } catch {
    return [fault];
  }
}
