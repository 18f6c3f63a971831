import { AssertionError } from 'node:assert';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { SystemClock } from '#src/kernel/index.js';
import { OpenAiProvider } from '#src/models/adapters/openai/openai-provider.js';
import type {
  EmbedRequest,
  EmbedResult,
  ModelProvider,
  Progress,
  StructuredEvent,
  StructuredRequest,
  TextEvent,
  TextRequest,
} from '#src/models/provider.port.js';
import { ScriptedUpstream } from '../support/scripted-upstream.ts';
import { standard } from '../support/scripted-upstream-scripts.ts';
import { deterministicContract, embeddingContract, modelProviderContract } from './models.contract.ts';
import { quiet, settingsFor } from './models-support.ts';

const whole = { ...modelProviderContract, ...embeddingContract };

let upstream: ScriptedUpstream;

beforeAll(async () => {
  upstream = await ScriptedUpstream.start([standard({})], 0);
});

afterAll(() => upstream.close());

const openai = (): OpenAiProvider => new OpenAiProvider(settingsFor(upstream.url), new SystemClock(), quiet);

describe('OpenAiProvider', () => {
  it.each(Object.entries(whole))('%s', (_title, check) => check(openai()));
});

describe('the contract catches a provider', () => {
  class Twice extends OpenAiProvider {
    override async *structured(
      request: StructuredRequest,
      signal: AbortSignal,
    ): AsyncGenerator<StructuredEvent | Progress> {
      for await (const event of super.structured(request, signal)) {
        yield event;
        if (event.type === 'done') yield event;
      }
    }
  }

  class Unended extends OpenAiProvider {
    override async *text(request: TextRequest, signal: AbortSignal): AsyncGenerator<TextEvent> {
      for await (const event of super.text(request, signal)) if (event.type === 'delta') yield event;
    }
  }

  class Forgetful extends OpenAiProvider {
    override async *text(request: TextRequest, signal: AbortSignal): AsyncGenerator<TextEvent> {
      let first = true;
      for await (const event of super.text(request, signal)) {
        if (!first) yield event;
        first = false;
      }
    }
  }

  class Altering extends OpenAiProvider {
    constructor(private readonly alter: (event: StructuredEvent, index: number) => StructuredEvent) {
      super(settingsFor(upstream.url), new SystemClock(), quiet);
    }

    override async *structured(
      request: StructuredRequest,
      signal: AbortSignal,
    ): AsyncGenerator<StructuredEvent | Progress> {
      let index = 0;
      for await (const event of super.structured(request, signal))
        if (event.type !== 'progress') yield this.alter(event, index++);
    }
  }

  class Silent extends OpenAiProvider {
    override async *text(request: TextRequest, signal: AbortSignal): AsyncGenerator<TextEvent> {
      for await (const event of super.text(request, signal))
        yield event.type === 'delta' ? { ...event, used: { inputTokens: 1, outputTokens: 0 } } : event;
    }
  }

  class Shuffling extends OpenAiProvider {
    override async embed(request: EmbedRequest, signal: AbortSignal): Promise<EmbedResult> {
      const result = await super.embed(request, signal);
      return { ...result, vectors: [...result.vectors].sort(([a = 0], [b = 0]) => a - b) };
    }
  }

  class Deaf extends OpenAiProvider {
    override structured(request: StructuredRequest, _signal: AbortSignal): AsyncGenerator<StructuredEvent | Progress> {
      return super.structured(request, new AbortController().signal);
    }
  }

  class Stubborn extends OpenAiProvider {
    override async *structured(
      request: StructuredRequest,
      signal: AbortSignal,
    ): AsyncGenerator<StructuredEvent | Progress> {
      for await (const event of super.structured(request, signal)) {
        yield event;
        if (signal.aborted) await new Promise(() => undefined);
      }
    }
  }

  class Clinging extends OpenAiProvider {
    override async *text(request: TextRequest, signal: AbortSignal): AsyncGenerator<TextEvent> {
      try {
        yield* super.text(request, signal);
      } finally {
        await new Promise(() => undefined);
      }
    }
  }

  class Short extends OpenAiProvider {
    override embed({ texts }: EmbedRequest, signal: AbortSignal): Promise<EmbedResult> {
      return super.embed({ texts: texts.slice(0, 64) }, signal);
    }
  }

  class Doubled extends OpenAiProvider {
    override readonly models = [
      { id: 'same', kind: 'text', provider: 'openai' },
      { id: 'same', kind: 'embedding', provider: 'openai' },
    ] as const;
  }

  const make = (Kind: typeof OpenAiProvider) => () => new Kind(settingsFor(upstream.url), new SystemClock(), quiet);
  const altering = (alter: ConstructorParameters<typeof Altering>[0]) => () => new Altering(alter);

  it.each<[string, () => ModelProvider, string]>([
    ['says done twice', make(Twice), 'a structured answer ends with exactly one done, and it is last'],
    ['never says done', make(Unended), 'a text ends with exactly one done, and it is last'],
    ['loses words', make(Forgetful), 'a text is its deltas in their order'],
    [
      'answers in another shape',
      altering((event) => (event.type === 'done' ? { ...event, value: { nodes: 'many' } } : event)),
      'a structured answer fits its schema',
    ],
    [
      'answers with nothing in it',
      altering((event) =>
        event.type === 'done' ? { ...event, value: { nodes: [], edges: [], confidence: 0 } } : event,
      ),
      'a draft is more than nothing',
    ],
    [
      'shows what it takes back',
      altering((event) => (event.type === 'partial' ? { ...event, value: { nodes: [{ id: 'other' }] } } : event)),
      'what a partial shows is in the answer, in the same place',
    ],
    [
      'shows less and less',
      altering((event, index) => (event.type === 'partial' && index > 1 ? { ...event, value: {} } : event)),
      'partials do not shrink',
    ],
    [
      'works for free',
      altering((event) => (event.type === 'done' ? { ...event, usage: { inputTokens: 0, outputTokens: 0 } } : event)),
      'tokens are counted in and out',
    ],
    [
      'hides behind another name',
      altering((event) => (event.type === 'done' ? { ...event, provider: 'someone' } : event)),
      'an answer names its provider and a model',
    ],
    ['says not what its words cost', make(Silent), 'what an answer costs is told with its words, and grows with them'],
    ['gives two models one name', make(Doubled), 'models have ids of their own and carry the name of their provider'],
    ['drops texts after the first batch', make(Short), 'many texts get as many vectors'],
    ['holds on to a reader who leaves', make(Clinging), 'a reader may leave early'],
    ['mixes up vectors', make(Shuffling), 'each text gets one vector, in order, all of one length'],
    ['does not hear an abort', make(Deaf), 'an abort in mid-answer ends it at once, without a done'],
    ['works for nobody', make(Deaf), 'nothing is done for a signal that has aborted'],
    ['hangs after an abort', make(Stubborn), 'an abort in mid-answer ends it at once, without a done'],
  ])('that %s', async (_why, broken, title) => {
    await expect(whole[title]?.(broken())).rejects.toBeInstanceOf(AssertionError);
  });

  it('that guesses, when it must not', async () => {
    let answers = 0;
    const guessing = altering((event) => (event.type === 'done' ? { ...event, value: answers++ } : event))();
    const check = deterministicContract['the same question has the same answer'];
    await expect(check?.(guessing)).rejects.toBeInstanceOf(AssertionError);
  });
});
