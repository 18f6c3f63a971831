import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { judge } from '../support/answer-judge.ts';
import { bearer, keys, startApp, type TestApp } from '../support/app.ts';
import { publishedOperations } from '../support/operations.ts';

const named = publishedOperations().filter(({ path }) => path.includes('{'));

/** As they stand in a target. Each also behind the prefix of a real id. */
const TEXTS = [
  '%00',
  '01a201c2-cd51-7171-9580-dc5a13bf1255%00',
  '%F0%9F%92%A9',
  '%EF%BF%BF',
  '..%2F..%2Fetc',
  "'%20or%201%3D1--",
  '%0D%0Aset-cookie:a%3D1',
  '{}',
  '0'.repeat(900),
];
const ids = ['', 'key_', 'strm_', 'resp_', 'run_'].flatMap((prefix) => TEXTS.map((text) => prefix + text));

let server: TestApp;
beforeAll(async () => {
  server = await startApp();
});
afterAll(() => server[Symbol.asyncDispose]());

describe('an id that nothing has', () => {
  it.each(named.map(({ name, ...operation }) => ({ name, ...operation })))(
    'is not found by $name',
    async ({ method, path }) => {
      const statuses = new Set<number>();
      for (const id of ids) {
        const url = path.replace(/\{[^}]*\}/, id);
        const { statusCode, headers, body } = await server.inject({ method, url, headers: bearer(keys.admin) });
        judge({ method, status: statusCode, headers, body }, url);
        statuses.add(statusCode);
      }
      expect([...statuses].filter((status) => status !== 404)).toEqual([]);
    },
  );
});
