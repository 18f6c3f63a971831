import { setImmediate } from 'node:timers/promises';
import { AppError, type Usage } from '#src/kernel/index.js';
import { estimateEmbedding } from '../../embed-text.policy.js';
import { estimateInput } from '../../messages.policy.js';
import {
  type EmbedRequest,
  type EmbedResult,
  type ModelCard,
  ModelProvider,
  type Progress,
  type StructuredEvent,
  type StructuredRequest,
  type TextEvent,
  type TextRequest,
} from '../../provider.port.js';
import { estimateTokens } from '../../tokens.policy.js';
import { withinBudget } from './answering/budget.policy.js';
import { spokenPieces } from './answering/spoken-pieces.js';
import { DEFAULT_DIMENSIONS, embed, FEWEST_DIMENSIONS, MOST_DIMENSIONS } from './embedding/embed.policy.js';
import { workOf } from './structured-work.js';

const NAME = 'embedded';
const TEXT_MODEL = 'countersign-embedded-1';
const EMBEDDING_MODEL = 'countersign-embed-1';

const NO_FIT = 'The embedded model answers each task with its own proposal; another shape was asked for';

/** Lets other work run, and ends here when the caller has gone. */
async function breathe(signal: AbortSignal): Promise<void> {
  signal.throwIfAborted();
  await setImmediate();
  signal.throwIfAborted();
}

function dimensionsOf({ dimensions = DEFAULT_DIMENSIONS }: EmbedRequest): number {
  if (Number.isInteger(dimensions) && dimensions >= FEWEST_DIMENSIONS && dimensions <= MOST_DIMENSIONS)
    return dimensions;
  throw new AppError('BAD_INPUT', `dimensions must be a whole number from ${FEWEST_DIMENSIONS} to ${MOST_DIMENSIONS}`);
}

/** Longest conversation, and longest text to embed, in tokens. */
export const CONTEXT_TOKENS = 131_072;

function assertFits(tokens: number, param: 'messages' | 'input'): void {
  if (tokens <= CONTEXT_TOKENS) return;
  throw new AppError('BAD_INPUT', `This model reads at most ${CONTEXT_TOKENS} tokens, and this has about ${tokens}`, {
    openai: { code: 'context_length_exceeded', param },
  });
}

const noVocabulary = (): AppError =>
  new AppError('BAD_INPUT', 'This model has no token ids: send texts', {
    openai: { code: 'invalid_value', param: 'input' },
  });

/**
 * The model that needs nothing: no network, no weights, no key. It reads what it is given and answers from that alone, the same
 * answer for the same input. Work is done in short steps with the event loop free in between.
 * Usage is estimated at one token per four UTF-8 bytes of input text and of what is returned.
 */
export class EmbeddedProvider extends ModelProvider {
  readonly name = NAME;
  readonly models: readonly ModelCard[] = [
    { id: TEXT_MODEL, kind: 'text', provider: NAME },
    { id: EMBEDDING_MODEL, kind: 'embedding', provider: NAME },
  ];

  /** Does the tasks of `structured-work.ts`; any other is `BAD_INPUT`. Ends with the signal's reason when aborted. */
  async *structured(request: StructuredRequest, signal: AbortSignal): AsyncGenerator<StructuredEvent | Progress, void> {
    const { inputTokens, steps } = workOf(request);
    const costOf = (value: unknown): Usage => ({ inputTokens, outputTokens: estimateTokens(JSON.stringify(value)) });
    await breathe(signal);
    for (let step = steps.next(); ; step = steps.next()) {
      if (step.done === true) {
        if (!request.schema.safeParse(step.value).success) throw new AppError('UPSTREAM_FAILED', NO_FIT);
        const usage = costOf(step.value);
        yield { type: 'progress', used: usage };
        yield { type: 'done', value: step.value, usage, model: TEXT_MODEL, provider: NAME, finish: 'stop', repairs: 0 };
        return;
      }
      if (step.value !== undefined) yield { type: 'partial', value: step.value, used: costOf(step.value) };
      await breathe(signal);
    }
  }

  /**
   * Answers with sentences of the conversation, or in the form that is asked for with what the conversation says;
   * `length` when `maxOutputTokens` ended it. It calls no tools. Images, tools that must be called, and more than
   * {@link CONTEXT_TOKENS} are `BAD_INPUT`.
   */
  async *text(request: TextRequest, signal: AbortSignal): AsyncGenerator<TextEvent, void> {
    const inputTokens = estimateInput(request);
    assertFits(inputTokens, 'messages');
    const most = request.maxOutputTokens ?? Number.POSITIVE_INFINITY;
    let written = '';
    await breathe(signal);
    for (const piece of spokenPieces(request)) {
      await breathe(signal);
      if (piece === undefined) continue;
      const whole = written + piece;
      const fitting = most === Number.POSITIVE_INFINITY ? whole : withinBudget(whole, most);
      const used = { inputTokens, outputTokens: estimateTokens(fitting) };
      if (fitting.length > written.length) yield { type: 'delta', text: fitting.slice(written.length), used };
      written = fitting.length > written.length ? fitting : written;
      if (fitting.length < whole.length) return yield this.#done(written, 'length', inputTokens);
    }
    yield this.#done(written, 'stop', inputTokens);
  }

  /** One unit vector per text of at most {@link CONTEXT_TOKENS}. `dimensions` from 8 to 2048, 256 when left out; otherwise `BAD_INPUT`. */
  async embed(request: EmbedRequest, signal: AbortSignal): Promise<EmbedResult> {
    const dimensions = dimensionsOf(request);
    const vectors: (readonly number[])[] = [];
    for (const text of request.texts) {
      if (typeof text !== 'string') throw noVocabulary();
      assertFits(estimateTokens(text), 'input');
      await breathe(signal);
      vectors.push(embed(text, dimensions));
    }
    const usage: Usage = { inputTokens: estimateEmbedding(request.texts), outputTokens: 0 };
    return { vectors, usage, model: EMBEDDING_MODEL, provider: NAME };
  }

  #done(text: string, finish: 'stop' | 'length', inputTokens: number): TextEvent {
    const usage = { inputTokens, outputTokens: estimateTokens(text) };
    return { type: 'done', text, toolCalls: [], usage, model: TEXT_MODEL, provider: NAME, finish };
  }
}
