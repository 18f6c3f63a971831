import { z } from 'zod';
import { NO_USAGE } from '#src/kernel/index.js';
import type { CacheTerms } from './cache/cache-terms.js';
import { keepsEmbeddings, keepsStructured, keepsText } from './cache/cacheable.policy.js';
import { estimateEmbedding } from './embed-text.policy.js';
import { estimateInput, tellCalls } from './messages.policy.js';
import type { Metered } from './model-call.js';
import type {
  Embedded,
  EmbedRequest,
  ModelCard,
  ModelProvider,
  Progress,
  Reads,
  StructuredEvent,
  StructuredRequest,
  TextEvent,
  TextRequest,
} from './provider.port.js';
import { redactStructured, redactText } from './redaction/answer-redaction.js';
import { redactEmbedRequest, redactStructuredRequest, redactTextRequest } from './redaction/request-redaction.js';
import type { TrafficRedactor } from './redaction/traffic-redactor.js';
import { estimateAll } from './tokens.policy.js';

/** A request as a model is to see it, worked out when that is about to be asked. */
export type Seen<R> = () => R | Promise<R>;

/** What one kind of call asks and answers, as far as those have to know who stand between caller and model. */
export interface TrafficForm<R, E extends Metered> {
  readonly kind: 'text' | 'structured' | 'embedding';
  /** What kind of model answers. */
  readonly answeredBy: ModelCard['kind'];
  /** Tokens of a request, estimated. */
  estimate(request: R): number;
  begin(provider: ModelProvider, request: R, signal: AbortSignal, reads: Reads): AsyncIterable<E | Progress>;
  /** Tokens of the longest answer that is likely. */
  longest(request: R): number;
  /** What the model is to see. */
  redactRequest(request: R, redactor: TrafficRedactor): Promise<R>;
  /** What the caller is to get. */
  redactAnswer(events: AsyncIterable<E>, redactor: TrafficRedactor, request: R): AsyncIterable<E>;
  isCacheable(request: R, calls: CacheTerms['calls']): boolean;
  /** Everything in a request that its answer depends on, as JSON. */
  question(request: R): object;
  replay(done: Extract<E, { type: 'done' }>): Iterable<E>;
}

/** Tokens of an answer whose caller sets no limit to it; most are a tenth of it. */
const LONG_ANSWER = 8_192;
/** Characters of a delta that tells an answer again. */
const RETOLD = /.{1,4096}/gsu;

export const TEXT: TrafficForm<TextRequest, TextEvent> = {
  kind: 'text',
  answeredBy: 'text',
  estimate: estimateInput,
  begin: (provider, request, signal, reads) => provider.text(request, signal, reads),
  longest: ({ maxOutputTokens = LONG_ANSWER }) => maxOutputTokens,
  redactRequest: redactTextRequest,
  redactAnswer: (events, redactor, { format }) => redactText(events, redactor, format),
  isCacheable: (request, calls) => keepsText(calls, request),
  question: (request) => request,
  replay: (done) => [
    ...retold('delta', done.text),
    ...retold('refusal_delta', done.refusal),
    ...tellCalls(done.toolCalls, NO_USAGE),
    done,
  ],
};

export const STRUCTURED: TrafficForm<StructuredRequest, StructuredEvent> = {
  kind: 'structured',
  answeredBy: 'text',
  estimate: ({ system, prompt }) => estimateAll([system, prompt]),
  begin: (provider, request, signal) => provider.structured(request, signal),
  longest: ({ maxOutputTokens = LONG_ANSWER }) => maxOutputTokens,
  redactRequest: redactStructuredRequest,
  redactAnswer: redactStructured,
  isCacheable: (_request, calls) => keepsStructured(calls),
  question: (request) => ({ ...request, schema: jsonSchemaOf(request.schema) }),
  replay: (done) => [done],
};

export const EMBEDDING: TrafficForm<EmbedRequest, Embedded> = {
  kind: 'embedding',
  answeredBy: 'embedding',
  estimate: ({ texts }) => estimateEmbedding(texts),
  begin: (provider, request, signal) => provider.embedInSteps(request, signal),
  longest: () => 0,
  redactRequest: redactEmbedRequest,
  redactAnswer: (events) => events,
  isCacheable: (_request, calls) => keepsEmbeddings(calls),
  question: (request) => request,
  replay: (done) => [done],
};

const retold = (type: 'delta' | 'refusal_delta', whole = ''): readonly TextEvent[] =>
  (whole.match(RETOLD) ?? []).map((text) => ({ type, text, used: NO_USAGE }));

const jsonSchemas = new WeakMap<z.ZodType, unknown>();

function jsonSchemaOf(schema: z.ZodType): unknown {
  const known = jsonSchemas.get(schema) ?? z.toJSONSchema(schema, { unrepresentable: 'any' });
  jsonSchemas.set(schema, known);
  return known;
}
