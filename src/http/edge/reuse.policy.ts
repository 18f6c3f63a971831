import type { RequestContext } from '#src/kernel/index.js';

/** What a request's `Cache-Control` (RFC 9111 §5.2.1) says of answers that were given before. */
export function reuseOf(header: string | undefined): RequestContext['reuse'] {
  if (header === undefined) return undefined;
  const directives = header.split(',').map((directive) => directive.trim().toLowerCase());
  if (directives.includes('no-store')) return 'none';
  return directives.includes('no-cache') || directives.includes('max-age=0') ? 'refresh' : undefined;
}
