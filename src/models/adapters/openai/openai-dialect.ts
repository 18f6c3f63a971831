import { AnswerForms, strictForm } from '../upstream/structured/answer-form.js';
import type { Dialect } from '../upstream/upstream-answers.js';
import type { UpstreamClient } from '../upstream/upstream-client.js';
import { type ChatBody, limitNameOf, repairBody, structuredBody, textBody } from './chat-request.policy.js';
import { ChatReading } from './chat-stream.js';
import type { OpenAiSettings } from './openai-settings.js';

const forms = new AnswerForms(strictForm);

/** OpenAI's chat completions. */
export function openAiDialect(
  name: string,
  { model, baseUrl, totalMs }: OpenAiSettings,
  client: UpstreamClient,
): Dialect<ChatBody> {
  const limitName = limitNameOf(baseUrl);
  return {
    name,
    model,
    totalMs,
    form: ({ schema }) => forms.of(schema),
    textBody: (request, asked) => textBody(request, { model: asked, limitName }),
    structuredBody: (request, form, asked) => structuredBody(request, form, { model: asked, limitName }),
    repairBody,
    answer: (body, call) => client.stream('/chat/completions', body, () => new ChatReading(), call),
  };
}
