import fc from 'fast-check';
import { keys } from './app.ts';

/** Headers, ids, cursors and paths that somebody could send. Header values are what Node lets through. */

const visible = fc.string({
  unit: fc.constantFrom(...Array.from({ length: 94 }, (_, at) => String.fromCharCode(33 + at))),
  maxLength: 60,
});
const latin = fc.string({ unit: fc.nat({ max: 222 }).map((code) => String.fromCharCode(33 + code)), maxLength: 40 });
const value = fc.oneof(
  visible,
  latin.map((text) => text.replaceAll('\u007f', '')),
);

const NUMBERS = [
  '0',
  '1',
  '2',
  '-1',
  '+1',
  '1.0',
  '1e3',
  '0x1',
  ' 1',
  '١',
  '007',
  '2147483646',
  '2147483647',
  '9007199254740993',
  '9'.repeat(400),
  'NaN',
  '',
];

const UUID = '0199c0de-0000-7000-8000-0123456789ab';
const id = (...own: readonly string[]) =>
  fc.oneof(
    fc.constantFrom(
      ...own,
      `strm_${UUID}`,
      `run_${UUID}`,
      `key_${UUID}`,
      'strm_',
      'key_',
      `key_${UUID}`.toUpperCase(),
      `key_${UUID} `,
    ),
    fc.constantFrom(
      '..',
      '.',
      '%00',
      '%2e%2e%2f',
      '%',
      '%zz',
      '*',
      ':id',
      '{id}',
      '-',
      'constructor',
      '__proto__',
      'a'.repeat(1_100),
      'é',
      '%c3%a9',
      '%ff',
    ),
    visible.map(encodeURIComponent),
    fc.string({ unit: 'grapheme', maxLength: 20 }).map((text) => encodeURIComponent(text.toWellFormed())),
  );

export interface Known {
  readonly token: string;
  readonly streamId: string;
  readonly keyId: string;
  readonly cursor: string;
}

const textual = (original: string) =>
  fc
    .tuple(fc.nat({ max: original.length }), fc.nat({ max: 3 }), visible)
    .map(([at, count, words]) => original.slice(0, at) + words + original.slice(at + count));

const credential = fc.oneof(
  { weight: 4, arbitrary: fc.constant(`Bearer ${keys.user}`) },
  { weight: 2, arbitrary: fc.constant(`Bearer ${keys.admin}`) },
  fc.constantFrom(
    '',
    'Bearer',
    'Bearer ',
    `bearer ${keys.user}`,
    `Basic ${keys.user}`,
    `Bearer ${keys.user},${keys.admin}`,
    'Bearer a.b.c',
    'Bearer cs_1_2',
  ),
  fc.constant(`Bearer cs_${'0'.repeat(32)}_${'A'.repeat(43)}`),
  value.map((text) => `Bearer ${text}`),
  value,
);

const MEDIA = [
  'application/json',
  'application/json; charset=utf-8',
  'application/json;charset=utf-16',
  'APPLICATION/JSON',
  'text/plain',
  'multipart/form-data',
  'application/x-www-form-urlencoded',
  'application/json, text/plain',
  'application/',
  '/',
  ';',
  'application/json;;;=',
];
const ACCEPT = [
  '*/*',
  'application/json',
  'text/event-stream',
  'text/event-stream;q=0',
  'text/event-stream;q=abc',
  'text/event-stream, application/json;q=2',
  ',,,;;;',
  'a/b;q=NaN',
];

const positions = fc.oneof(fc.constantFrom(...NUMBERS), value);

/** A bag of headers of which each may be missing. */
export const headers = ({ token }: Known): fc.Arbitrary<Readonly<Record<string, string>>> =>
  fc.record(
    {
      authorization: credential,
      'content-type': fc.oneof(
        { weight: 3, arbitrary: fc.constant('application/json') },
        fc.constantFrom(...MEDIA),
        value,
      ),
      accept: fc.oneof(fc.constantFrom(...ACCEPT), value),
      'last-event-id': positions,
      'x-resume-token': fc.oneof(fc.constant(token), textual(token), value),
      'x-olumi-resume-token': fc.oneof(fc.constant(token), value),
      'x-resume-mode': fc.oneof(fc.constantFrom('live', 'replay', 'LIVE', ''), value),
      'x-api-key': fc.oneof(fc.constantFrom(keys.user, keys.admin), value),
      'x-countersign-signature': value,
      'x-request-id': fc.oneof(fc.constantFrom('client-request-1', 'a', 'x'.repeat(129)), value),
      traceparent: fc.oneof(fc.constant('00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01'), value),
      'idempotency-key': value,
      host: fc.oneof(fc.constantFrom('a', 'a:1', '[::1]', 'a b', 'evil.example"'), value),
      'x-forwarded-for': value,
      'accept-encoding': fc.oneof(fc.constantFrom('gzip', 'identity;q=0', '*;q=0'), value),
      range: fc.oneof(fc.constantFrom('bytes=0-0', 'bytes=9999-', 'bytes=-1', 'bytes=5-1,0-0'), value),
      'if-match': value,
      'if-none-match': fc.oneof(fc.constant('*'), value),
      'if-modified-since': value,
      origin: value,
      'access-control-request-method': value,
    },
    { requiredKeys: [] },
  );

/** Headers with which a resume gets as far as its token. */
export const resumeHeaders = (known: Known) =>
  fc
    .tuple(
      fc.oneof(fc.constant(known.token), textual(known.token), value),
      fc.option(positions, { nil: undefined }),
      fc.option(fc.oneof(fc.constantFrom('live', 'replay', 'LIVE', ''), value), { nil: undefined }),
      fc.constantFrom('x-resume-token', 'x-countersign-resume-token', 'x-olumi-resume-token'),
    )
    .map(([token, last, mode, name]) => ({
      authorization: `Bearer ${keys.user}`,
      [name]: token,
      ...(last === undefined ? {} : { 'last-event-id': last }),
      ...(mode === undefined ? {} : { 'x-resume-mode': mode }),
    }));

export const METHODS = [
  'GET',
  'HEAD',
  'POST',
  'PUT',
  'PATCH',
  'DELETE',
  'OPTIONS',
  'TRACE',
  'PROPFIND',
  'SEARCH',
] as const;

const cursors = ({ cursor }: Known) =>
  fc.oneof(fc.constant(cursor), textual(cursor), visible, fc.constantFrom('', '=', 'a'.repeat(600)));

const query = (known: Known) =>
  fc
    .array(
      fc.oneof(
        fc.tuple(fc.constant('limit'), fc.oneof(fc.constantFrom(...NUMBERS, '100', '101'), visible)),
        fc.tuple(fc.constant('cursor'), cursors(known)),
        fc.tuple(fc.oneof(fc.constantFrom('__proto__', 'constructor', 'a[b]', 'a.b', ''), visible), visible),
      ),
      { maxLength: 4 },
    )
    .map((pairs) => pairs.map(([name, text]) => `${encodeURIComponent(name)}=${encodeURIComponent(text)}`).join('&'));

/** Targets near those that exist, and far from them. */
export const target = (known: Known): fc.Arbitrary<string> =>
  fc
    .tuple(
      fc.oneof(
        id(known.streamId).map((name) => `/v1/streams/${name}/events`),
        id(known.streamId).map((name) => `/v1/streams/${name}`),
        id(known.keyId).map((name) => `/v1/keys/${name}/rotate`),
        id().map((name) => `/v1/keys/${name}`),
        id().map((name) => `/documentation/${name}`),
        fc.constantFrom(
          '/v1/keys',
          '/v1/keys/',
          '/v1/status',
          '/healthz',
          '/readyz',
          '/metrics',
          '/health/',
          '/documentation/json',
          '/documentation',
          '//',
          '/',
          '/v1//keys',
          '/V1/KEYS',
          '/assist/draft-graph',
          '/assist/draft-graph/stream',
          '/assist/draft-graph/resume',
          '/.well-known/countersign-keys.json',
          '/.well-known/oauth-protected-resource',
          '/v1/responses',
          '/v1/chat/completions',
        ),
        fc.array(id(), { maxLength: 4 }).map((parts) => `/${parts.join('/')}`),
      ),
      fc.option(query(known), { nil: undefined }),
    )
    .map(([path, search]) => (search === undefined ? path : `${path}?${search}`));

const INSTANTS = [
  '2099-01-01T00:00:00Z',
  '2099-01-01T00:00:00.123456789Z',
  '2099-01-01T00:00:00+14:00',
  '2099-02-29T00:00:00Z',
  '9999-12-31T23:59:59Z',

  '0000-01-01T00:00:00Z',
  '2000-01-01T00:00:00Z',
  '2099-01-01',
  'tomorrow',
  '',
];

/** Bodies for the key routes. */
export const keyBody = (hostile: fc.Arbitrary<unknown>): fc.Arbitrary<object> =>
  fc.record(
    {
      name: fc.oneof({ weight: 10, arbitrary: fc.string({ unit: 'grapheme', minLength: 1, maxLength: 40 }) }, hostile),
      kind: fc.oneof({ weight: 20, arbitrary: fc.constant('api') }, fc.constant('hmac'), hostile),
      roles: fc.oneof(
        { weight: 20, arbitrary: fc.subarray(['user', 'reviewer', 'auditor', 'admin'], { minLength: 1 }) },
        fc.array(fc.constantFrom('user', 'user', 'root', '', 'User'), { maxLength: 6 }),
        hostile,
      ),
      expires_at: fc.oneof(
        { weight: 5, arbitrary: fc.constantFrom(...INSTANTS) },
        fc.date({ noInvalidDate: true }).map((at) => at.toISOString()),
        hostile,
      ),
    },
    { requiredKeys: ['name', 'kind', 'roles'] },
  );
export const rotateBody = (hostile: fc.Arbitrary<unknown>): fc.Arbitrary<object> =>
  fc.record(
    { overlap_seconds: fc.oneof(fc.integer(), fc.constantFrom(0, 604_800, 604_801, 1.5, -0), hostile) },
    { requiredKeys: [] },
  );
