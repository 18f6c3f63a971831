/** The ways to prove who is calling. */
export type CredentialKind = Credential['kind'];

/** What a request presents, not yet believed. */
export type Credential =
  | ApiKeyCredential
  | JwtCredential
  | HmacCredential
  | LegacyHmacCredential
  | MessageSignatureCredential;

export interface ApiKeyCredential {
  readonly kind: 'api_key';
  readonly text: string;
}

export interface JwtCredential {
  readonly kind: 'jwt';
  readonly text: string;
}

/** `<P>-Signature` and what goes with it; timestamp or nonce may be missing, not both. */
export interface HmacCredential {
  readonly kind: 'hmac';
  readonly signature: string;
  readonly timestamp: string | undefined;
  readonly nonce: string | undefined;
  readonly keyId: string | undefined;
}

/** `<P>-Signature` without timestamp and nonce. */
export interface LegacyHmacCredential {
  readonly kind: 'legacy_hmac';
  readonly signature: string;
  readonly keyId: string | undefined;
}

/** RFC 9421: `Signature` and `Signature-Input`; one of them may be missing. */
export interface MessageSignatureCredential {
  readonly kind: 'message_signature';
  readonly signature: string | undefined;
  readonly input: string | undefined;
}
