import { addUsage, type Clock, type Log, NO_USAGE, type Usage } from '#src/kernel/index.js';
import { textsOf } from '../../messages.policy.js';
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
import { estimateAll } from '../../tokens.policy.js';
import { UpstreamError } from '../../upstream-error.js';
import { readAnswer } from './answer.policy.js';
import { answerForm } from './answer-form.js';
import { repairBody, structuredBody, textBody } from './chat-request.policy.js';
import { batches, embeddingsBody, readEmbeddings } from './embeddings.policy.js';
import { GrowingAnswer } from './growing-answer.js';
import { OpenAiClient } from './openai-client.js';
import type { OpenAiSettings } from './openai-settings.js';
import { repairOf } from './repair.policy.js';
import { type Piece, type Spoken, spoken } from './spoken.js';
import { UpstreamCall } from './upstream-call.js';

const NAME = 'openai';

/** Any endpoint that speaks OpenAI's chat completions and embeddings: hosted, vLLM, Ollama, LiteLLM. */
export class OpenAiProvider extends ModelProvider {
  readonly name = NAME;
  readonly models: readonly ModelCard[];
  private readonly client: OpenAiClient;

  constructor(
    private readonly settings: OpenAiSettings,
    private readonly clock: Clock,
    log: Log,
  ) {
    super();
    this.client = new OpenAiClient(settings, clock, log);
    this.models = [
      { id: settings.model, kind: 'text', provider: NAME },
      { id: settings.embeddingModel, kind: 'embedding', provider: NAME },
    ];
  }

  async *structured(request: StructuredRequest, signal: AbortSignal): AsyncGenerator<StructuredEvent | Progress> {
    const call = this.begin(signal);
    try {
      yield* this.answer(request, call);
    } finally {
      call.close();
    }
  }

  async *text(request: TextRequest, signal: AbortSignal): AsyncGenerator<TextEvent> {
    const call = this.begin(signal);
    try {
      const body = textBody(request, this.target(request.model));
      const whole = yield* spoken(this.client.chat(body, call), estimateAll(textsOf(request)), textEvent);
      call.signal.throwIfAborted();
      yield { type: 'done', ...whole, ...this.origin(whole, request.model) };
    } finally {
      call.close();
    }
  }

  async embed(request: EmbedRequest, signal: AbortSignal): Promise<EmbedResult> {
    const call = this.begin(signal);
    const asked = request.model ?? this.settings.embeddingModel;
    const vectors: (readonly number[])[] = [];
    let usage = NO_USAGE;
    let model = asked;
    try {
      for (const texts of batches(request.texts)) {
        const json = await this.client.embeddings(embeddingsBody(texts, asked, request), call);
        const batch = readEmbeddings(json, texts);
        vectors.push(...batch.vectors);
        usage = addUsage(usage, batch.usage);
        model = batch.model ?? asked;
      }
      return { vectors, usage, model, provider: NAME };
    } finally {
      call.close();
    }
  }

  private async *answer(request: StructuredRequest, call: UpstreamCall): AsyncGenerator<StructuredEvent | Progress> {
    const form = answerForm(request.schema);
    const clean = form.cleaner();
    const growing = new GrowingAnswer();
    const body = structuredBody(request, form, this.target(request.model));
    const grown = (piece: Piece, used: Usage) =>
      partial(clean, piece.type === 'words' ? growing.push(piece.text) : undefined, used);
    const asked = estimateAll([request.system, request.prompt]);
    const first = yield* spoken(this.client.chat(body, call), asked, grown);
    const read = readAnswer(first.text, request.schema, clean);
    call.signal.throwIfAborted();
    if (read.ok) return yield this.done(first, read.value, request, 0);
    if (first.finish === 'length') throw new UpstreamError('unfit', 'The model reached its token limit in mid-answer');

    const repair = repairOf(first.text, read.faults);
    const both = (_piece: Piece, used: Usage) => progress(addUsage(first.usage, used));
    const second = yield* spoken(this.client.chat(repairBody(body, repair), call), asked + estimateAll(repair), both);
    const again = readAnswer(second.text, request.schema, clean);
    call.signal.throwIfAborted();
    if (!again.ok) throw new UpstreamError('unfit', 'The model twice gave no answer of the shape asked for');
    const usage = addUsage(first.usage, second.usage);
    return yield this.done({ ...second, usage }, again.value, request, 1);
  }

  private done(whole: Spoken, value: unknown, request: StructuredRequest, repairs: number): StructuredEvent {
    const { finish, usage } = whole;
    return { type: 'done', value, finish, usage, ...this.origin(whole, request.model), repairs };
  }

  private begin(signal: AbortSignal): UpstreamCall {
    const call = new UpstreamCall(this.clock, signal);
    call.limitTotal(this.settings.totalMs);
    return call;
  }

  private target(model: string | undefined): { readonly model: string; readonly baseUrl: string } {
    return { model: model ?? this.settings.model, baseUrl: this.settings.baseUrl };
  }

  private origin({ model }: Spoken, asked: string | undefined): { readonly model: string; readonly provider: string } {
    return { model: model ?? asked ?? this.settings.model, provider: NAME };
  }
}

const textEvent = (piece: Piece, used: Usage): TextEvent =>
  piece.type === 'words' ? { type: 'delta', text: piece.text, used } : { ...piece, type: 'tool_delta', used };

const progress = (used: Usage): Progress => ({ type: 'progress', used });

const partial = (clean: (value: unknown) => unknown, value: unknown, used: Usage): StructuredEvent | Progress =>
  value === undefined ? progress(used) : { type: 'partial', value: clean(value), used };
