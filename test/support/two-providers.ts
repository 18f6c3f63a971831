import { Clock, Degradation, type Log, type Stop, type Usage } from '#src/kernel/index.js';
import { Models } from '#src/models/models.service.js';
import {
  type EmbedResult,
  type ModelCard,
  ModelProvider,
  type Progress,
  type StructuredEvent,
  type TextEvent,
  type TextRequest,
} from '#src/models/provider.port.js';
import { RouteTable } from '#src/models/route-table.js';
import { UpstreamError } from '#src/models/upstream-error.js';
import { RecordingMeter } from './recording-meter.ts';

/** Stands still until told. */
class StillClock extends Clock {
  at = 0;

  now(): number {
    return this.at;
  }

  after(): Stop {
    return () => undefined;
  }

  every(): Stop {
    return () => undefined;
  }

  sleep(): Promise<void> {
    return Promise.resolve();
  }
}

const usage = { inputTokens: 1, outputTokens: 1 };

/** Says its words, then fails if it was told to. */
class PlayedProvider extends ModelProvider {
  readonly models: readonly ModelCard[];
  words: readonly string[] = ['hello'];
  error: Error | undefined;
  /** By which name it was asked for a text. */
  readonly asked: (string | undefined)[] = [];
  /** What it costs before it has anything to show. */
  unshown: Usage | undefined;

  constructor(readonly name: string) {
    super();
    this.models = [
      { id: `${name}-text`, kind: 'text', provider: name },
      { id: `${name}-embed`, kind: 'embedding', provider: name },
    ];
  }

  async *structured(): AsyncGenerator<StructuredEvent | Progress> {
    if (this.unshown !== undefined) yield { type: 'progress', used: this.unshown };
    if (this.error !== undefined) throw this.error;
    yield { type: 'done', value: {}, usage, model: 'm', provider: this.name, finish: 'stop', repairs: 0 };
  }

  async *text({ model }: TextRequest): AsyncGenerator<TextEvent> {
    this.asked.push(model);
    for (const text of this.words) yield { type: 'delta', text, used: usage };
    if (this.error !== undefined) throw this.error;
    yield {
      type: 'done',
      text: this.words.join(''),
      toolCalls: [],
      usage,
      model: 'm',
      provider: this.name,
      finish: 'stop',
    };
  }

  async embed(): Promise<EmbedResult> {
    if (this.error !== undefined) throw this.error;
    return { vectors: [[1]], usage, model: 'm', provider: this.name };
  }
}

export const BUSY = new UpstreamError('busy', 'The model is overloaded', { status: 503 });
export const REJECTED = new UpstreamError('rejected', 'The model did not accept the request', { status: 400 });

const TABLE: ConstructorParameters<typeof RouteTable>[0] = {
  routes: {
    text: {
      house: [
        { provider: 'first', model: 'first-large' },
        { provider: 'second', model: 'second-small' },
      ],
    },
    embedding: {},
  },
  prices: { second: { 'second-small': { input: 2, output: 3 } } },
};

/** Models of two providers that play, the first of them also on a route of both; time stands still. */
export function twoProviders() {
  const lines: Readonly<Record<string, unknown>>[] = [];
  const write = (fields: Readonly<Record<string, unknown>>, event: string): void =>
    void lines.push({ ...fields, event });
  const log: Log = { info: write, warn: write, error: write, debug: write };
  const first = new PlayedProvider('first');
  const second = new PlayedProvider('second');
  const clock = new StillClock();
  const degradation = new Degradation();
  const models = new Models([first, second], clock, degradation, log, { table: new RouteTable(TABLE) });
  const meter = new RecordingMeter();
  const ask = (request: Partial<TextRequest> = {}, signal = new AbortController().signal): Promise<TextEvent[]> =>
    Array.fromAsync(models.text({ messages: [], ...request }, { tenantId: 'acme', meter, signal }));
  const answeredBy = async (request: Partial<TextRequest> = {}): Promise<unknown> => {
    const last = (await ask(request)).at(-1);
    return last?.type === 'done' ? last.provider : undefined;
  };
  return { first, second, clock, degradation, models, meter, ask, answeredBy, lines };
}

type Scene = ReturnType<typeof twoProviders>;

/** Has the first fail until it is not asked any more. */
export async function breakFirst({ first, answeredBy }: Scene): Promise<void> {
  first.words = [];
  first.error = BUSY;
  for (let call = 0; call < 5; call++) await answeredBy();
}
