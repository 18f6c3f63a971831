import { createPrivateKey, type KeyObject } from 'node:crypto';

/**
 * The Ed25519 private key of a PKCS #8 PEM; line ends may be written as `\n`, as they are in one-line environments.
 * `undefined` when it is none: the parser's words could quote the key.
 */
export function ed25519PrivateKey(pem: string): KeyObject | undefined {
  try {
    const key = createPrivateKey(pem.replaceAll('\\n', '\n'));
    return key.asymmetricKeyType === 'ed25519' ? key : undefined;
  } catch {
    return undefined;
  }
}
