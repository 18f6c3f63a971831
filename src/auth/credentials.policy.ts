import type { Credential, HmacCredential, LegacyHmacCredential, MessageSignatureCredential } from './credential.js';

/** Codes of the error table. */
type CredentialFault =
  | 'UNAUTHENTICATED'
  | 'MISSING_SIGNATURE'
  | 'AMBIGUOUS_CREDENTIALS'
  | 'INVALID_API_KEY'
  | 'TOKEN_INVALID';

type Extraction =
  | { readonly found: true; readonly credential: Credential }
  | { readonly found: false; readonly fault: CredentialFault };

type Part =
  | 'authorization'
  | 'api_key'
  | 'signature'
  | 'timestamp'
  | 'nonce'
  | 'key_id'
  | 'rfc_signature'
  | 'rfc_input'
  | 'other';

interface HeaderUse {
  readonly part: Part;
  /** The header prefix that was used, if the header has one. */
  readonly prefix: string | undefined;
}

interface Match extends HeaderUse {
  readonly value: string;
}

/** Which headers carry credentials, by lower-case name. */
export type CredentialHeaders = ReadonlyMap<string, HeaderUse>;

const PREFIXED: Readonly<Record<string, Part>> = {
  signature: 'signature',
  timestamp: 'timestamp',
  nonce: 'nonce',
  'key-id': 'key_id',
  'assist-key': 'api_key',
  'resume-token': 'other',
};

const STANDARD: Readonly<Record<string, Part>> = {
  authorization: 'authorization',
  'x-api-key': 'api_key',
  signature: 'rfc_signature',
  'signature-input': 'rfc_input',
};

const SIGNING: readonly Part[] = ['signature', 'timestamp', 'nonce', 'key_id', 'rfc_signature', 'rfc_input'];
const LONGEST = 8_192;
const VISIBLE_ASCII = /^[\x21-\x7e]+$/;
const BEARER = /^bearer(?:\s+|$)/i;

/** A bearer credential of three dot-separated parts is a JWT, every other one an API key. */
export const looksLikeJwt = (text: string): boolean => text.split('.').length === 3;

/** The headers to look at; computed once for the configured prefixes. */
export function credentialHeaders(prefixes: readonly string[]): CredentialHeaders {
  const uses = new Map<string, HeaderUse>();
  for (const [name, part] of Object.entries(STANDARD)) uses.set(name, { part, prefix: undefined });
  for (const prefix of prefixes.map((name) => name.toLowerCase())) {
    for (const [name, part] of Object.entries(PREFIXED)) uses.set(`${prefix}-${name}`, { part, prefix });
  }
  return uses;
}

/**
 * Picks the one credential that decides. A signature decides alone and never falls through to a key or a token.
 *
 * @param raw names and values in turn, exactly as received: Node drops a second `Authorization` from its parsed
 * headers, and a request with two is one that two readers understand differently
 */
export function extractCredential(raw: readonly string[], uses: CredentialHeaders): Extraction {
  const matches = matching(raw, uses);
  const prefixes = new Set(matches.map(({ prefix }) => prefix).filter((prefix) => prefix !== undefined));
  if (prefixes.size > 1) return refuse('AMBIGUOUS_CREDENTIALS');
  return signatureOf(matches) ?? keyOrTokenOf(matches);
}

function matching(raw: readonly string[], uses: CredentialHeaders): Match[] {
  const matches: Match[] = [];
  for (let index = 0; index + 1 < raw.length; index += 2) {
    const use = uses.get(raw[index]?.toLowerCase() ?? '');
    if (use !== undefined) matches.push({ ...use, value: raw[index + 1] ?? '' });
  }
  return matches;
}

function signatureOf(matches: readonly Match[]): Extraction | undefined {
  const own = matches.some(({ part }) => part === 'signature');
  const standard = matches.some(({ part }) => part === 'rfc_signature' || part === 'rfc_input');
  if (!own && !standard) return undefined;
  if (own && standard) return refuse('AMBIGUOUS_CREDENTIALS');
  if (SIGNING.some((part) => valuesOf(matches, part).length > 1)) return refuse('AMBIGUOUS_CREDENTIALS');
  if (standard) return accept(messageSignature(matches));
  const credential = hmac(matches);
  return credential.signature === '' ? refuse('MISSING_SIGNATURE') : accept(credential);
}

const messageSignature = (matches: readonly Match[]): MessageSignatureCredential => ({
  kind: 'message_signature',
  signature: valuesOf(matches, 'rfc_signature')[0],
  input: valuesOf(matches, 'rfc_input')[0],
});

/** Half a proof against replays is no legacy request: somebody took the other half away. */
function hmac(matches: readonly Match[]): HmacCredential | LegacyHmacCredential {
  const [signature = ''] = valuesOf(matches, 'signature');
  const [timestamp] = valuesOf(matches, 'timestamp');
  const [nonce] = valuesOf(matches, 'nonce');
  const [keyId] = valuesOf(matches, 'key_id');
  return timestamp === undefined && nonce === undefined
    ? { kind: 'legacy_hmac', signature, keyId }
    : { kind: 'hmac', signature, timestamp, nonce, keyId };
}

function keyOrTokenOf(matches: readonly Match[]): Extraction {
  const authorizations = valuesOf(matches, 'authorization');
  const bearers = new Set(authorizations.flatMap(bearerTokens));
  const all = new Set([...bearers, ...valuesOf(matches, 'api_key').flatMap(listed)]);
  if (all.size > 1 || new Set(authorizations).size > 1) return refuse('AMBIGUOUS_CREDENTIALS');

  const [text] = all;
  if (text === undefined) return refuse(matches.some(signingPart) ? 'MISSING_SIGNATURE' : 'UNAUTHENTICATED');
  const kind = bearers.has(text) && looksLikeJwt(text) ? 'jwt' : 'api_key';
  if (text.length <= LONGEST && VISIBLE_ASCII.test(text)) return accept({ kind, text });
  return refuse(kind === 'jwt' ? 'TOKEN_INVALID' : 'INVALID_API_KEY');
}

const accept = (credential: Credential): Extraction => ({ found: true, credential });
const refuse = (fault: CredentialFault): Extraction => ({ found: false, fault });

const signingPart = ({ part }: Match): boolean => SIGNING.includes(part);

const valuesOf = (matches: readonly Match[], part: Part): string[] =>
  matches.filter((match) => match.part === part).map(({ value }) => value);

/** A proxy may join repeated headers with commas, which no credential contains. */
const listed = (value: string): string[] =>
  value
    .split(',')
    .map((text) => text.trim())
    .filter((text) => text !== '');

/** Other schemes than Bearer are not ours to read. */
const bearerTokens = (value: string): string[] => {
  const trimmed = value.trim();
  if (!BEARER.test(trimmed)) return [];
  return listed(trimmed)
    .map((text) => text.replace(BEARER, ''))
    .filter((text) => text !== '');
};
