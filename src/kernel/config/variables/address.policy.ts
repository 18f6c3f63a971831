import { z } from 'zod';

/** The ranges that Fastify's `trustProxy` knows by name. */
const NAMED_RANGES = ['loopback', 'linklocal', 'uniquelocal'];

const ProxyRange = z.union([z.enum(NAMED_RANGES), z.ipv4(), z.ipv6(), z.cidrv4(), z.cidrv6()]);

/** An address, a range or a range's name. A range of everybody is none: who believes everybody knows no address. */
export const isProxyRange = (text: string): boolean => ProxyRange.safeParse(text).success && !text.endsWith('/0');

/**
 * `scheme://host[:port]`, spelled as browsers spell it in `Origin`: lower case, no usual port, no slash at the end. Any
 * other spelling would equal no browser's. No wildcard: who may call is listed.
 */
export function isOrigin(text: string): boolean {
  const url = URL.parse(text);
  return url !== null && url.host !== '' && !text.includes('*') && `${url.protocol}//${url.host}` === text;
}

/** pg writes what is no escape at all as one itself; only escapes that are no UTF-8 stop it. */
const MENDED_BY_PG = / |%[^a-f0-9]|%[a-f0-9][^a-f0-9]/i;

/** Whether the driver can read user, password, host and database. */
export const isReadableByPg = (text: string): boolean => MENDED_BY_PG.test(text) || isDecodable(text);

/** Redis has numbers for databases. */
export const hasRedisDatabase = (text: string): boolean => /^(\/\d*)?$/.test(URL.parse(text)?.pathname ?? '');

/** Whether every `%xx` belongs to a text. */
export function isDecodable(text: string): boolean {
  try {
    decodeURIComponent(text);
    return true;
  } catch {
    return false;
  }
}
