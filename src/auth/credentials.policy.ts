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

/** Values of the headers of each part, in the order sent. */
type Sent = Partial<Record<Part, string[]>>;

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
const NONE: readonly string[] = [];
const VISIBLE_ASCII = /^[\x21-\x7e]+$/;
const BEARER = /^bearer(?:\s+|$)/i;

/** A bearer credential of three dot-separated parts is a JWT, every other one an API key. */
export function looksLikeJwt(text: string): boolean {
  const second = text.indexOf('.', text.indexOf('.') + 1);
  return second !== -1 && !text.includes('.', second + 1);
}

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
  const sent: Sent = {};
  let prefix: string | undefined;
  for (let index = 0; index + 1 < raw.length; index += 2) {
    const use = uses.get(raw[index]?.toLowerCase() ?? '');
    if (use === undefined) continue;
    prefix ??= use.prefix;
    if (use.prefix !== undefined && use.prefix !== prefix) return refuse('AMBIGUOUS_CREDENTIALS');
    const values = sent[use.part];
    if (values === undefined) sent[use.part] = [raw[index + 1] ?? ''];
    else values.push(raw[index + 1] ?? '');
  }
  return signatureOf(sent) ?? keyOrTokenOf(sent);
}

function signatureOf(sent: Sent): Extraction | undefined {
  const own = sent.signature !== undefined;
  const standard = sent.rfc_signature !== undefined || sent.rfc_input !== undefined;
  if (!own && !standard) return undefined;
  if (own && standard) return refuse('AMBIGUOUS_CREDENTIALS');
  if (SIGNING.some((part) => (sent[part]?.length ?? 0) > 1)) return refuse('AMBIGUOUS_CREDENTIALS');
  if (standard) return accept(messageSignature(sent));
  const credential = hmac(sent);
  return credential.signature === '' ? refuse('MISSING_SIGNATURE') : accept(credential);
}

const messageSignature = ({ rfc_signature, rfc_input }: Sent): MessageSignatureCredential => ({
  kind: 'message_signature',
  signature: rfc_signature?.[0],
  input: rfc_input?.[0],
});

/** Half a proof against replays is no legacy request: somebody took the other half away. */
function hmac(sent: Sent): HmacCredential | LegacyHmacCredential {
  const signature = sent.signature?.[0] ?? '';
  const keyId = sent.key_id?.[0];
  if (sent.timestamp === undefined && sent.nonce === undefined) return { kind: 'legacy_hmac', signature, keyId };
  return { kind: 'hmac', signature, timestamp: sent.timestamp?.[0], nonce: sent.nonce?.[0], keyId };
}

function keyOrTokenOf(sent: Sent): Extraction {
  const { authorization = NONE, api_key: keys = NONE } = sent;
  const all: string[] = [];
  for (const value of authorization) addBearers(value.trim(), all);
  const borne = all.length > 0;
  for (const value of keys) addListed(value, all);
  if (differ(all) || differ(authorization)) return refuse('AMBIGUOUS_CREDENTIALS');

  const [text] = all;
  if (text === undefined) return refuse(SIGNING.some((part) => part in sent) ? 'MISSING_SIGNATURE' : 'UNAUTHENTICATED');
  const kind = borne && looksLikeJwt(text) ? 'jwt' : 'api_key';
  if (text.length <= LONGEST && VISIBLE_ASCII.test(text)) return accept({ kind, text });
  return refuse(kind === 'jwt' ? 'TOKEN_INVALID' : 'INVALID_API_KEY');
}

const differ = (texts: readonly string[]): boolean => texts.some((text) => text !== texts[0]);

const accept = (credential: Credential): Extraction => ({ found: true, credential });
const refuse = (fault: CredentialFault): Extraction => ({ found: false, fault });

/** Other schemes than Bearer are not ours to read. */
function addBearers(value: string, texts: string[]): void {
  if (BEARER.test(value)) addListed(value, texts, BEARER);
}

/** A proxy may join repeated headers with commas, which no credential contains. */
function addListed(value: string, texts: string[], scheme?: RegExp): void {
  for (const part of value.split(',')) {
    const text = scheme === undefined ? part.trim() : part.trim().replace(scheme, '');
    if (text !== '') texts.push(text);
  }
}
