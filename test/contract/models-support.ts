import { type Log, Secret } from '#src/kernel/index.js';
import type { OpenAiSettings } from '#src/models/adapters/openai/openai-settings.js';
import type { FakeClock } from '../support/fake-clock.ts';

export const KEY = 'sk-planted-0123456789abcdefghij';

/** Limits far away: a test brings the one near that it is about. */
export const settingsFor = (baseUrl: string, near: Partial<OpenAiSettings> = {}): OpenAiSettings => ({
  baseUrl,
  apiKey: new Secret(KEY),
  model: 'text-1',
  embeddingModel: 'embed-1',
  connectMs: 1e9,
  idleMs: 1e9,
  totalMs: 1e9,
  retryBaseMs: 1,
  maxResponseBytes: 16 * 1_048_576,
  ...near,
});

export type Line = Readonly<Record<string, unknown>> & { readonly event: string };

/** A log that keeps its lines. */
export function recordingLog(lines: Line[]): Log {
  const write = (fields: Readonly<Record<string, unknown>>, event: string): void =>
    void lines.push({ ...fields, event });
  return { info: write, warn: write, error: write, debug: write };
}

export const quiet: Log = recordingLog([]);

/** Lets time pass, a step at each turn of the event loop, until the work has ended; then what became of it. */
export async function whileTimePasses<T>(clock: FakeClock, stepMs: number, work: Promise<T>): Promise<T> {
  let ended = false;
  const end = (): void => {
    ended = true;
  };
  work.then(end, end);
  while (!ended) await clock.advance(stepMs);
  return work;
}
