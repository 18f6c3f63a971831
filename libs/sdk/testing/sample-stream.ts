import type { StreamEvent } from '#libs/sse/index.js';
import { Countersign } from '../client.js';
import type { Fetch } from '../platform.js';
import type { DraftEvent } from '../stream/draft-event.policy.js';
import type { DraftStream } from '../stream/draft-stream.js';
import { FakeTime } from './fake-time.js';
import { type Script, ScriptedService } from './scripted-service.js';

const json = (event: string, data: unknown): Omit<StreamEvent, 'seq'> => ({ event, data: JSON.stringify(data) });

export const PAYLOAD = { schema: 'draft-graph.v1', run_id: 'run_1', graph: { nodes: [], edges: [] } } as const;

/** The events of a short run, the terminal one left out. */
export const RUN: readonly Omit<StreamEvent, 'seq'>[] = [
  json('stage', { stage: 'DRAFTING' }),
  json('resume', { token: 'token-1', expires_at: '2026-01-02T03:19:05.678Z' }),
  json('stage', { stage: 'DRAFTING', partial: { nodes: [{ id: 'ü', kind: 'goal', label: 'Grüße 🎉' }], edges: [] } }),
  json('resume', { token: 'token-2', expires_at: '2026-01-02T03:26:05.678Z' }),
  json('stage', { stage: 'COMPLETE', payload: PAYLOAD }),
];

export const BRIEF = 'Should our clinic open on Saturdays? Staff costs would rise by 12%.';
export const API_KEY = 'cs_test_0123456789abcdefghijklmnop';

/** A service with a good run, and a client of it on fake time. */
export async function goodRun(...scripts: readonly Script[]): Promise<Scene> {
  return new Scene(await ScriptedService.with(RUN, { event: 'complete', payload: PAYLOAD }, ...scripts));
}

export class Scene {
  readonly time = new FakeTime();
  readonly client: Countersign;

  /** @param fetch in place of the service's own */
  constructor(
    readonly service: ScriptedService,
    fetch: Fetch = service.fetch,
  ) {
    const { time } = this;
    this.client = new Countersign({ baseURL: 'https://service.test', apiKey: API_KEY, fetch, time });
  }

  /** Everything a stream yields, with what it ended with. */
  readonly readAll = async (
    stream: DraftStream,
  ): Promise<{ readonly events: readonly DraftEvent[]; readonly error: unknown }> => {
    const events: DraftEvent[] = [];
    const reading = async (): Promise<void> => {
      for await (const event of stream) events.push(event);
    };
    const error: unknown = await this.time.drive(reading()).catch((reason: unknown) => reason);
    return { events, error };
  };
}

/** A script in which only the first events arrive. */
export const cutAfter = (count: number, end: NonNullable<Script['end']>): Script => ({
  events: (events) => events.slice(0, count),
  end,
});

/** A script in which one event arrives changed. */
export const forged = (seq: number, change: Partial<StreamEvent>): Script => ({
  events: (events) => events.map((event) => (event.seq === seq ? { ...event, ...change } : event)),
});

export const unreachable: Script = { answer: () => Promise.reject(new TypeError('fetch failed')) };
