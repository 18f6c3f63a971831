import { addUsage, type Clock, type Log, NO_USAGE } from '#src/kernel/index.js';
import {
  type Embedded,
  type EmbedRequest,
  type EmbedResult,
  type ModelCard,
  ModelProvider,
  type Progress,
  type Reads,
  type StructuredEvent,
  type StructuredRequest,
  type TextEvent,
  type TextRequest,
} from '../../provider.port.js';
import { noModel, UpstreamError } from '../../upstream-error.js';
import { UpstreamAnswers } from '../upstream/upstream-answers.js';
import { UpstreamClient } from '../upstream/upstream-client.js';
import type { ChatBody } from './chat-request.policy.js';
import { batches, embeddingsBody, readEmbeddings, vectorsOf } from './embeddings.policy.js';
import { openAiDialect } from './openai-dialect.js';
import type { OpenAiSettings } from './openai-settings.js';

/** Any endpoint that speaks OpenAI's chat completions and embeddings: hosted, vLLM, Ollama, LiteLLM. */
export class OpenAiProvider extends ModelProvider {
  readonly name: string;
  readonly models: readonly ModelCard[];
  private readonly client: UpstreamClient;
  private readonly answers: UpstreamAnswers<ChatBody>;

  constructor(
    private readonly settings: OpenAiSettings,
    clock: Clock,
    log: Log,
  ) {
    super();
    const { name, apiKey, models, embeddingModels } = settings;
    this.name = name;
    const credentials = () => (apiKey === undefined ? {} : { authorization: `Bearer ${apiKey.reveal()}` });
    this.client = new UpstreamClient(name, settings, credentials, clock, log);
    this.answers = new UpstreamAnswers(openAiDialect(settings, this.client), clock);
    this.models = [
      ...models.map((id) => ({ id, kind: 'text', provider: name }) as const),
      ...embeddingModels.map((id) => ({ id, kind: 'embedding', provider: name }) as const),
    ];
  }

  structured(request: StructuredRequest, signal: AbortSignal): AsyncGenerator<StructuredEvent | Progress> {
    return this.answers.structured(request, signal);
  }

  text(request: TextRequest, signal: AbortSignal, reads?: Reads): AsyncGenerator<TextEvent> {
    return this.answers.text(request, signal, reads);
  }

  async embed(request: EmbedRequest, signal: AbortSignal): Promise<EmbedResult> {
    for await (const event of this.embedInSteps(request, signal)) {
      if (event.type === 'progress') continue;
      const { type: _type, ...result } = event;
      return result;
    }
    throw new UpstreamError('unfit', 'The model gave no embedding');
  }

  /** What was answered has cost something whatever becomes of the rest: it is told before that is asked for. */
  override async *embedInSteps(request: EmbedRequest, signal: AbortSignal): AsyncGenerator<Embedded | Progress> {
    const call = this.answers.begin(signal);
    const asked = request.model ?? this.settings.embeddingModels[0];
    if (asked === undefined) throw noModel();
    const vectors: (readonly number[])[] = [];
    let usage = NO_USAGE;
    let model = asked;
    try {
      for (const texts of batches(request.texts)) {
        if (vectors.length > 0) yield { type: 'progress', used: usage };
        const json = await this.client.json('/embeddings', embeddingsBody(texts, asked, request), call);
        const batch = readEmbeddings(json, texts);
        usage = addUsage(usage, batch.usage);
        model = batch.model ?? asked;
        const found = vectorsOf(batch, texts, request.dimensions);
        if (found instanceof UpstreamError) {
          yield { type: 'progress', used: usage };
          throw found;
        }
        vectors.push(...found);
      }
      yield { type: 'done', vectors, usage, model, provider: this.name };
    } finally {
      call.close();
    }
  }
}
