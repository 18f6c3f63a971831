import type { StructuredRequest, TextRequest } from '../../provider.port.js';
import type { AnswerForm } from './answer-form.js';

export type ChatMessage = TextRequest['messages'][number];

/** The body of `POST /chat/completions`. */
export type ChatBody = Readonly<Record<string, unknown>> & { readonly messages: readonly ChatMessage[] };

interface Target {
  readonly model: string;
  readonly baseUrl: string;
}

/** The most an answer may quote of itself in a repair round, in characters. */
const MAX_QUOTED = 200_000;
const MAX_FAULTS = 20;

export function textBody(request: TextRequest, target: Target): ChatBody {
  const { messages, maxOutputTokens, temperature } = request;
  return {
    ...streaming(target.model),
    messages,
    ...(temperature === undefined ? {} : { temperature }),
    ...outputLimit(maxOutputTokens, target),
  };
}

export function structuredBody(request: StructuredRequest, form: AnswerForm, target: Target): ChatBody {
  const name = request.task.replaceAll(/[^A-Za-z0-9_-]/g, '_').slice(0, 64);
  return {
    ...streaming(target.model),
    messages: [
      { role: 'system', content: request.system },
      { role: 'user', content: request.prompt },
    ],
    response_format: { type: 'json_schema', json_schema: { name, strict: form.strict, schema: form.schema } },
    ...outputLimit(request.maxOutputTokens, target),
  };
}

/** The same question once more, with the answer that did not fit and what is wrong with it. */
export function repairBody(body: ChatBody, answer: string, faults: readonly string[]): ChatBody {
  const listed = faults.slice(0, MAX_FAULTS).map((fault) => `- ${fault}`);
  const demand = `That answer does not fit the schema:\n${listed.join('\n')}\nGive the whole corrected answer, as JSON and nothing else.`;
  const exchange = [
    { role: 'assistant', content: answer.slice(0, MAX_QUOTED) },
    { role: 'user', content: demand },
  ] as const;
  return { ...body, messages: [...body.messages, ...exchange] };
}

const streaming = (model: string) => ({ model, stream: true, stream_options: { include_usage: true } });

/** OpenAI's newer models refuse `max_tokens`; many compatible servers know no other name. */
function outputLimit(limit: number | undefined, { baseUrl }: Target): Readonly<Record<string, number>> {
  if (limit === undefined) return {};
  const original = /(^|\.)openai\.(azure\.)?com$/.test(new URL(baseUrl).hostname);
  return original ? { max_completion_tokens: limit } : { max_tokens: limit };
}
