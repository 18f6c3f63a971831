import type { HotKey } from './hot.port.js';

const PLAIN = /^[A-Za-z0-9_.@/=+-]+$/;
const SPECIAL = /[^A-Za-z0-9_.@/=+-]/g;

/**
 * The one place that spells keys: `<namespace>:{<tenant>}:<area>:<id>`. Braces and colons inside a part are escaped, so that
 * two different keys never become one and nothing but the tenant decides the cluster slot.
 */
export const spell = (namespace: string, { tenant, area, id }: HotKey): string =>
  `${namespace}:{${escaped(tenant)}}:${area}:${escaped(id)}`;

/** Every UTF-16 unit that is not plain becomes `%` and four hex digits; nothing at all becomes `%`, which nothing else does. */
function escaped(text: string): string {
  if (PLAIN.test(text)) return text;
  if (text === '') return '%';
  return text.replace(SPECIAL, (unit) => `%${unit.charCodeAt(0).toString(16).padStart(4, '0')}`);
}
