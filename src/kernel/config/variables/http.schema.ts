import { z } from 'zod';
import { isOrigin, isProxyRange } from './address.policy.js';
import { flag, port, positive, words } from './text.schema.js';

export const http = {
  HOST: z.string().min(1).default('127.0.0.1').describe('Address to listen on'),
  PORT: port.default(3101).describe('Port to listen on; 0 takes a free one'),
  TLS_CERT: z
    .string()
    .optional()
    .describe('Path of a PEM certificate chain; with TLS_KEY the service speaks HTTPS itself'),
  TLS_KEY: z.string().optional().describe('Path of the PEM key of TLS_CERT'),
  BODY_LIMIT_BYTES: positive.default(1_048_576).describe('Largest JSON body; routes that take documents allow 10 MiB'),
  HTTP_HEADER_PREFIXES: words
    .pipe(z.array(z.string().regex(/^X-[A-Za-z0-9-]{1,32}$/)).min(1))
    .default(['X-Countersign', 'X-Olumi'])
    .describe('Header prefixes a request may use; answers use the first'),
  ALLOWED_ORIGINS: words
    .pipe(z.array(z.string().refine(isOrigin, 'not an origin: scheme://host[:port], as browsers send it')))
    .default([])
    .describe('Origins that may call from a browser, a comma list of scheme://host[:port]; none by default'),
  TRUSTED_PROXIES: words
    .pipe(z.array(z.string().refine(isProxyRange, 'not an address, CIDR range, loopback, linklocal or uniquelocal')))
    .default([])
    .describe(
      'Whose X-Forwarded-For is believed: addresses, CIDR ranges, or loopback, linklocal, uniquelocal; a comma list',
    ),
  ENABLE_LEGACY_SSE: flag
    .default(false)
    .describe('Let POST /assist/draft-graph stream when asked for text/event-stream'),
};
