import { type Log, Secret } from '#src/kernel/index.js';
import type { AnthropicSettings } from '#src/models/adapters/anthropic/anthropic-settings.js';
import type { OpenAiSettings } from '#src/models/adapters/openai/openai-settings.js';
import type { TextEvent, ToolCall } from '#src/models/provider.port.js';
import type { FakeClock } from '../support/fake-clock.ts';

export const KEY = 'sk-planted-0123456789abcdefghij';

/** Limits far away: a test brings the one near that it is about. */
const FAR = {
  connectMs: 1e9,
  firstTokenMs: 1e9,
  idleMs: 1e9,
  totalMs: 1e9,
  retryBaseMs: 1,
  maxResponseBytes: 16 * 1_048_576,
};

export const settingsFor = (baseUrl: string, near: Partial<OpenAiSettings> = {}): OpenAiSettings => ({
  ...FAR,
  baseUrl,
  apiKey: new Secret(KEY),
  name: 'openai',
  models: ['text-1'],
  embeddingModels: ['embed-1'],
  ...near,
});

export const anthropicSettingsFor = (baseUrl: string, near: Partial<AnthropicSettings> = {}): AnthropicSettings => ({
  ...FAR,
  baseUrl,
  apiKey: new Secret(KEY),
  models: ['claude-1', 'claude-2'],
  maxOutputTokens: 4_096,
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

/** What work failed with; `undefined` when it did not fail. */
export const failure = (work: Promise<unknown>): Promise<unknown> =>
  work.then(
    () => undefined,
    (error: unknown) => error,
  );

/** The last event. */
export const doneOf = <T extends { readonly type: string }>(events: readonly T[]): T | undefined => events.at(-1);

/** The calls as somebody puts them together who hears only the pieces. */
export function gathered(events: readonly TextEvent[]): ToolCall[] {
  const calls: ToolCall[] = [];
  for (const event of events) {
    if (event.type !== 'tool_delta') continue;
    const { index, id, name, arguments: json } = event;
    calls[index] = { id, name, arguments: (calls[index]?.arguments ?? '') + json };
  }
  return calls;
}
