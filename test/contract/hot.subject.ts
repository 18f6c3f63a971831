import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import type { Hot, HotKey, LogBatch, LogTerms } from '#src/storage/index.js';

/** A store under test, and how time passes for it: an advanced clock in memory, real time in a server. */
export interface HotSubject {
  readonly hot: Hot;
  tick(ms: number): Promise<void>;
}

export type HotCheck = (subject: HotSubject) => Promise<void>;

const TICK_MS = 10;
const MAX_TICKS = 1_000;

/** Lets time pass until the condition holds; fails when it never does. */
export async function until(subject: HotSubject, condition: () => Promise<boolean> | boolean): Promise<void> {
  for (let tick = 0; tick < MAX_TICKS; tick++) {
    if (await condition()) return;
    await subject.tick(TICK_MS);
  }
  assert.fail('The condition never held');
}

/** A key nobody else uses. */
export const keyOf = (area: HotKey['area']): HotKey => ({ tenant: `tenant-${randomUUID()}`, area, id: 'id' });

export const bytes = (text: string): Uint8Array => Buffer.from(text);

export const text = (data: Uint8Array | undefined): string | undefined =>
  data === undefined ? undefined : Buffer.from(data).toString();

/** Long enough for a whole check. */
export const LONG_MS = 60_000;
/** Short enough to wait for. */
export const SHORT_MS = 60;

export const terms = (changed: Partial<LogTerms>): LogTerms => ({
  ttlMs: LONG_MS,
  leaseMs: LONG_MS,
  maxEvents: 1_000,
  maxBytes: 1_000_000,
  ...changed,
});

export const roomy = terms({});

export const batch = (firstSeq: number, lastSeq: number, data: string): LogBatch => ({
  firstSeq,
  lastSeq,
  data: bytes(data),
});

export const going = (state: string) => ({ state: bytes(state), final: false });
export const ending = (state: string) => ({ state: bytes(state), final: true });

/** An open log of holder `h` with events 1 to `count`, one a batch, data `1`, `2`, … */
export async function logWith(hot: Hot, count: number, agreed: LogTerms): Promise<HotKey> {
  const log = keyOf('log');
  await hot.openLog(log, 'h', bytes('header'), agreed);
  for (let seq = 1; seq <= count; seq++)
    await hot.append(log, 'h', batch(seq, seq, `${seq}`), agreed, going(`s${seq}`));
  return log;
}

/** First numbers, last numbers and data of everything a reader gets. */
export async function contents(hot: Hot, log: HotKey, after: number): Promise<readonly string[] | undefined> {
  const slice = await hot.readLog(log, after, 1_000_000);
  return slice?.batches.map(({ firstSeq, lastSeq, data }) => `${firstSeq}-${lastSeq} ${text(data)}`);
}
