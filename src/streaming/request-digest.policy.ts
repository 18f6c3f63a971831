import { createHash } from 'node:crypto';

/** Fingerprint of a request for the record of its run: hex SHA-256 of its JSON. */
export const requestDigest = (request: unknown): string =>
  createHash('sha256').update(JSON.stringify(request)).digest('hex');
