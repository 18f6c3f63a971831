import { type HttpMessage, headerValue } from './http-message.js';

/** RFC 9421 §2.2. Targets in origin form only: `*` and absolute targets have no agreed path. */
const DERIVED: Readonly<Record<string, (message: HttpMessage) => string | undefined>> = {
  '@method': ({ method }) => method,
  '@target-uri': ({ origin, target }) => join(originOf(origin)?.origin, target),
  '@authority': ({ origin }) => originOf(origin)?.host,
  '@scheme': ({ origin }) => originOf(origin)?.protocol.slice(0, -1),
  '@request-target': ({ target }) => target,
  '@path': ({ target }) => target.split('?', 1)[0],
  '@query': ({ target }) => `?${target.split('?').slice(1).join('?')}`,
};

const FIELD_NAME = /^[!#$%&'*+\-.^_`|~0-9a-z]+$/;

/** Whether this is a header, or a derived component this library knows. */
export const isComponent = (name: string): boolean => Object.hasOwn(DERIVED, name) || FIELD_NAME.test(name);

/** What the message says there; `undefined` when it says nothing. */
export function componentValue(message: HttpMessage, name: string): string | undefined {
  if (!name.startsWith('@')) return headerValue(message, name);
  return message.target.startsWith('/') ? DERIVED[name]?.(message) : undefined;
}

/** Lower case, without a default port (RFC 9421 §2.2.3). */
const originOf = (origin: string): URL | undefined => (URL.canParse(origin) ? new URL(origin) : undefined);

const join = (origin: string | undefined, target: string): string | undefined =>
  origin === undefined ? undefined : `${origin}${target}`;
