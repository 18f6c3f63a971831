import type { IncomingHttpHeaders } from 'node:http';

/** Whether a request announces a body of at least a byte (RFC 9112 §6.3). */
export const hasBody = (headers: IncomingHttpHeaders): boolean =>
  headers['transfer-encoding'] !== undefined || (headers['content-length'] ?? '0') !== '0';
