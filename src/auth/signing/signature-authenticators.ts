/** Injection token of the authenticators that read signatures: those this deployment allows. */
export const SIGNATURE_AUTHENTICATORS = Symbol('SIGNATURE_AUTHENTICATORS');
