import { AnswerForms } from '../upstream/structured/answer-form.js';
import type { Dialect } from '../upstream/upstream-answers.js';
import type { Readings, UpstreamClient } from '../upstream/upstream-client.js';
import type { AnthropicSettings } from './anthropic-settings.js';
import { messageForm } from './format-schema.policy.js';
import { type MessagesBody, repairBody, structuredBody, textBody } from './messages-request.policy.js';
import { MessageReading, messageEvents } from './messages-stream.js';
import { Sampling } from './sampling.js';
import { unfenced } from './unfenced.js';

const PATH = '/v1/messages';
const READINGS: Readings = { stream: () => new MessageReading(), whole: messageEvents };
const forms = new AnswerForms(messageForm);

/** Anthropic's Messages API. Source: its API reference, "Create a Message" and "Streaming Messages". */
export function anthropicDialect(
  name: string,
  { models: [model], maxOutputTokens, totalMs }: AnthropicSettings,
  client: UpstreamClient,
): Dialect<MessagesBody> {
  const sampling = new Sampling();
  return {
    name,
    model,
    totalMs,
    form: ({ schema }) => forms.of(schema),
    textBody: (request, asked, reads) => textBody(request, { model: asked, maxOutputTokens }, reads),
    structuredBody: (request, form, asked) => structuredBody(request, form, { model: asked, maxOutputTokens }),
    repairBody,
    answer: async (body, call) => {
      const answer = await sampling.asFarAsTaken(body, ({ told: _told, ...sent }) =>
        client.answer(PATH, sent, READINGS, call),
      );
      return body.told ? unfenced(answer) : answer;
    },
  };
}
