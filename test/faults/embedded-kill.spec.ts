import { rmSync } from 'node:fs';
import { setTimeout as delay } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { bearer } from '../support/app.ts';
import { makeDataDir } from '../support/data-dir.ts';
import { startService } from '../support/service-process.ts';
import { readStream } from '../support/stream-client.ts';
import { until } from '../support/until.ts';

const KILLS = 20;
const WRITERS = 4;
/** Twenty-one starts of a process, each with a database to recover. */
const LIMIT_MS = 240_000;
const ADMIN = 'embedded-admin-key-0123456789abcdefghijk';
const json = { ...bearer(ADMIN), 'content-type': 'application/json' };
const BRIEF = JSON.stringify({
  brief: 'Should the orchard press its own juice, or sell the apples to the dairy as before?',
});

/** What the service said is kept. */
interface Acknowledged {
  readonly keys: string[];
  readonly streams: { readonly id: string; readonly events: number }[];
}

let dataDir = '';

beforeAll(() => {
  dataDir = makeDataDir({});
});
afterAll(() => rmSync(dataDir, { recursive: true, force: true }));

const start = () => startService({ dataDir, env: { ASSIST_API_KEYS: `${ADMIN}@acme:user+admin`, LOG_LEVEL: 'error' } });

/** Creates keys and drafts until the connection breaks; records only what was answered in full. */
async function write(url: string, acknowledged: Acknowledged): Promise<void> {
  try {
    for (let n = 0; ; n++) {
      const body = JSON.stringify({ name: `key ${n}`, kind: 'api', roles: ['user'] });
      const made = await fetch(`${url}/v1/keys`, { method: 'POST', headers: json, body });
      if (made.status === 201) acknowledged.keys.push(((await made.json()) as { id: string }).id);
      const { streamId, events } = await readStream(`${url}/assist/draft-graph/stream`, {
        method: 'POST',
        headers: json,
        body: BRIEF,
      });
      if (events.at(-1)?.event === 'complete') acknowledged.streams.push({ id: streamId, events: events.length });
    }
  } catch {
    // The process was killed: what was in flight was never acknowledged.
  }
}

async function listedKeys(url: string): Promise<ReadonlySet<string>> {
  const ids: string[] = [];
  for (let cursor = ''; ; ) {
    const page = await fetch(`${url}/v1/keys?limit=100${cursor}`, { headers: bearer(ADMIN) });
    const { data, next_cursor } = (await page.json()) as { data: { id: string }[]; next_cursor: string | null };
    ids.push(...data.map(({ id }) => id));
    if (next_cursor === null) return new Set(ids);
    cursor = `&cursor=${encodeURIComponent(next_cursor)}`;
  }
}

describe('the embedded server under kill -9', () => {
  it(
    `starts again ${KILLS} times, and keeps every key and finished stream it acknowledged`,
    async () => {
      const acknowledged: Acknowledged = { keys: [], streams: [] };
      for (let round = 0; round < KILLS; round++) {
        const server = await start();
        const writers = Array.from({ length: WRITERS }, () => write(server.url, acknowledged));
        // Every second life lasts until a stream is finished in it, however slow the machine; the others end when they end.
        const before = acknowledged.streams.length;
        if (round % 2 === 1) await until('a stream is finished', async () => acknowledged.streams.length > before);
        await delay(150 + 37 * round);
        await server.stop('SIGKILL');
        await Promise.all(writers);
      }
      await using server = await start();
      const kept = await listedKeys(server.url);
      expect(acknowledged.keys.length).toBeGreaterThanOrEqual(KILLS / 2);
      expect(acknowledged.streams.length).toBeGreaterThanOrEqual(KILLS / 2);
      expect(acknowledged.keys.filter((id) => !kept.has(id))).toEqual([]);
      for (const { id, events } of acknowledged.streams) {
        const again = await readStream(`${server.url}/v1/streams/${id}/events`, { headers: bearer(ADMIN) });
        expect({ id, events: again.events.length }).toEqual({ id, events });
      }
    },
    LIMIT_MS,
  );
});
