import type { Reads, StructuredRequest, TextRequest } from '../../provider.port.js';
import type { AnswerForm } from '../upstream/structured/answer-form.js';
import type { Repair } from '../upstream/structured/repair.policy.js';
import { wireFormat, wireMessage, wireTools } from './chat-message.policy.js';

/** The body of `POST /chat/completions`. */
export type ChatBody = Readonly<Record<string, unknown>> & {
  readonly messages: readonly unknown[];
  readonly stream: boolean;
};

interface Target {
  readonly model: string;
  readonly limitName: LimitName;
}

type LimitName = 'max_completion_tokens' | 'max_tokens';

/** OpenAI's newer models refuse `max_tokens`; many compatible servers know no other name. */
export const limitNameOf = (baseUrl: string): LimitName =>
  /(^|\.)openai\.(azure\.)?com$/.test(new URL(baseUrl).hostname) ? 'max_completion_tokens' : 'max_tokens';

export function textBody(request: TextRequest, target: Target, reads: Reads): ChatBody {
  return {
    ...(reads === 'end' ? { model: target.model, stream: false } : streaming(target.model)),
    messages: request.messages.map(wireMessage),
    ...wireTools(request),
    ...wireFormat(request),
    ...sampling(request),
    [target.limitName]: request.maxOutputTokens,
  };
}

/** What is not asked for is `undefined`, which JSON leaves out. */
const sampling = (request: TextRequest) => ({
  temperature: request.temperature,
  top_p: request.topP,
  stop: request.stop,
  seed: request.seed,
  presence_penalty: request.presencePenalty,
  frequency_penalty: request.frequencyPenalty,
  reasoning_effort: request.reasoningEffort,
});

export function structuredBody(request: StructuredRequest, form: AnswerForm, target: Target): ChatBody {
  const name = request.task.replaceAll(/[^A-Za-z0-9_-]/g, '_').slice(0, 64);
  return {
    ...streaming(target.model),
    messages: [
      { role: 'system', content: request.system },
      { role: 'user', content: request.prompt },
    ],
    response_format: { type: 'json_schema', json_schema: { name, strict: form.strict, schema: form.schema } },
    [target.limitName]: request.maxOutputTokens,
  };
}

/** The same question once more, with the answer that did not fit and what is wrong with it. */
export function repairBody(body: ChatBody, [answer, demand]: Repair): ChatBody {
  const exchange = [
    { role: 'assistant', content: answer },
    { role: 'user', content: demand },
  ];
  return { ...body, messages: [...body.messages, ...exchange] };
}

const streaming = (model: string) => ({ model, stream: true, stream_options: { include_usage: true } });
