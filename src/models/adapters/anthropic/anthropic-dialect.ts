import { AnswerForms } from '../upstream/structured/answer-form.js';
import type { Dialect } from '../upstream/upstream-answers.js';
import type { UpstreamClient } from '../upstream/upstream-client.js';
import type { AnthropicSettings } from './anthropic-settings.js';
import { messageForm } from './format-schema.policy.js';
import { type MessagesBody, repairBody, structuredBody, textBody } from './messages-request.policy.js';
import { MessageReading } from './messages-stream.js';
import { Sampling } from './sampling.js';
import { unfenced } from './unfenced.js';

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
    textBody: (request, asked) => textBody(request, { model: asked, maxOutputTokens }),
    structuredBody: (request, form, asked) => structuredBody(request, form, { model: asked, maxOutputTokens }),
    repairBody,
    answer: async (body, call) => {
      const answer = await sampling.asFarAsTaken(body, ({ told: _told, ...sent }) =>
        client.stream('/v1/messages', sent, () => new MessageReading(), call),
      );
      return body.told ? unfenced(answer) : answer;
    },
  };
}
