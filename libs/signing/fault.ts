/** Codes of the service's error table that concern signatures. */
export type SignatureCode =
  | 'MISSING_SIGNATURE'
  | 'REPLAY_PROTECTION_REQUIRED'
  | 'NO_SECRET'
  | 'INVALID_SIGNATURE'
  | 'SIGNATURE_SKEW'
  | 'AMBIGUOUS_CREDENTIALS';

const CODES = {
  signature_missing: 'MISSING_SIGNATURE',
  signature_malformed: 'INVALID_SIGNATURE',
  stamp_missing: 'REPLAY_PROTECTION_REQUIRED',
  stamp_malformed: 'REPLAY_PROTECTION_REQUIRED',
  key_id_missing: 'NO_SECRET',
  several_signatures: 'AMBIGUOUS_CREDENTIALS',
  parameter_unsupported: 'INVALID_SIGNATURE',
  component_unsupported: 'INVALID_SIGNATURE',
  component_missing: 'INVALID_SIGNATURE',
  component_not_covered: 'INVALID_SIGNATURE',
  algorithm_mismatch: 'INVALID_SIGNATURE',
  signature_mismatch: 'INVALID_SIGNATURE',
  digest_mismatch: 'INVALID_SIGNATURE',
  skew: 'SIGNATURE_SKEW',
  expired: 'SIGNATURE_SKEW',
} as const satisfies Record<string, SignatureCode>;

/** Why a signature is refused. Stable: for logs and tests; a caller is told the code alone. */
export type SignatureFault = keyof typeof CODES;

/** What the caller of a service is told. */
export const codeOfFault = (fault: SignatureFault): SignatureCode => CODES[fault];

export interface Refused {
  readonly ok: false;
  readonly reason: SignatureFault;
}

export const refused = (reason: SignatureFault): Refused => ({ ok: false, reason });
