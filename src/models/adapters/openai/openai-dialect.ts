import { AnswerForms, strictForm } from '../upstream/structured/answer-form.js';
import type { Dialect } from '../upstream/upstream-answers.js';
import type { Readings, UpstreamClient } from '../upstream/upstream-client.js';
import { type ChatBody, limitNameOf, repairBody, structuredBody, textBody } from './chat-request.policy.js';
import { ChatReading, completionEvents } from './chat-stream.js';
import type { OpenAiSettings } from './openai-settings.js';

const PATH = '/chat/completions';
const READINGS: Readings = { stream: () => new ChatReading(), whole: completionEvents };
const forms = new AnswerForms(strictForm);

/** OpenAI's chat completions. */
export function openAiDialect(
  { name, models: [model], baseUrl, totalMs }: OpenAiSettings,
  client: UpstreamClient,
): Dialect<ChatBody> {
  const limitName = limitNameOf(baseUrl);
  return {
    name,
    model,
    totalMs,
    form: ({ schema }) => forms.of(schema),
    textBody: (request, asked, reads) => textBody(request, { model: asked, limitName }, reads),
    structuredBody: (request, form, asked) => structuredBody(request, form, { model: asked, limitName }),
    repairBody,
    answer: (body, call) => client.answer(PATH, body, READINGS, call),
  };
}
