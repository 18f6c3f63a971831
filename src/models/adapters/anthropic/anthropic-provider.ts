import { AppError, type Clock, type Log } from '#src/kernel/index.js';
import {
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
import { UpstreamAnswers } from '../upstream/upstream-answers.js';
import { UpstreamClient } from '../upstream/upstream-client.js';
import { anthropicDialect } from './anthropic-dialect.js';
import type { AnthropicSettings } from './anthropic-settings.js';
import type { MessagesBody } from './messages-request.policy.js';

const NAME = 'anthropic';
const API_VERSION = '2023-06-01';

/** Anthropic, and whoever else speaks its Messages API. It has no embeddings. */
export class AnthropicProvider extends ModelProvider {
  readonly name = NAME;
  readonly models: readonly ModelCard[];
  private readonly answers: UpstreamAnswers<MessagesBody>;

  constructor(settings: AnthropicSettings, clock: Clock, log: Log) {
    super();
    const { apiKey } = settings;
    const credentials = () => ({
      'anthropic-version': API_VERSION,
      ...(apiKey === undefined ? {} : { 'x-api-key': apiKey.reveal() }),
    });
    const client = new UpstreamClient(NAME, settings, credentials, clock, log);
    this.answers = new UpstreamAnswers(anthropicDialect(NAME, settings, client), clock);
    this.models = settings.models.map((id) => ({ id, kind: 'text', provider: NAME }));
  }

  structured(request: StructuredRequest, signal: AbortSignal): AsyncGenerator<StructuredEvent | Progress> {
    return this.answers.structured(request, signal);
  }

  text(request: TextRequest, signal: AbortSignal, reads?: Reads): AsyncGenerator<TextEvent> {
    return this.answers.text(request, signal, reads);
  }

  async embed(_request: EmbedRequest, _signal: AbortSignal): Promise<EmbedResult> {
    throw new AppError('BAD_INPUT', 'Anthropic has no embedding models');
  }
}
