import { hash } from 'node:crypto';

/** `<P>-Response-Hash`, in lower case. */
export const hashHeaderOf = (prefix: string): string => `${prefix.toLowerCase()}-response-hash`;

/** Hex SHA-256 of the body bytes as sent, before any content encoding. */
export const bodyHash = (payload: string | Buffer): string => hash('sha256', payload);
