import { z } from 'zod';
import { FunctionName, IMAGE_URL, Text } from '../vocabulary.schema.js';

const TextPart = z.object({ type: z.literal('text'), text: Text });
const ImagePart = z.object({
  type: z.literal('image_url'),
  image_url: z.object({
    url: z.string().regex(IMAGE_URL, 'A data URL of a PNG, JPEG, GIF or WebP image in base64, or an https URL'),
    detail: z.enum(['auto', 'low', 'high']).nullish(),
  }),
});
const RefusalPart = z.object({ type: z.literal('refusal'), refusal: Text });

const TEXTS = 'A text, or a list of parts of type text';
const Texts = z.union([Text, z.array(TextPart).min(1)], { error: TEXTS });

const UserContent = z.union([Text, z.array(z.discriminatedUnion('type', [TextPart, ImagePart])).min(1)], {
  error: 'A text, or a list of parts of type text and image_url; audio and files are not taken',
});

const AssistantContent = z.union([Text, z.array(z.discriminatedUnion('type', [TextPart, RefusalPart])).min(1)], {
  error: TEXTS,
});

const FunctionCall = z.object({
  id: z.string().min(1).max(256),
  type: z.literal('function'),
  function: z.object({ name: FunctionName, arguments: Text.describe('JSON text') }),
});

/** One message of a conversation; `developer` is another word for `system`. */
export const ChatMessageParam = z
  .discriminatedUnion('role', [
    z.object({ role: z.enum(['system', 'developer']), content: Texts }),
    z.object({ role: z.literal('user'), content: UserContent }),
    z.object({
      role: z.literal('assistant'),
      content: AssistantContent.nullish(),
      refusal: Text.nullish(),
      tool_calls: z.array(FunctionCall).max(128).nullish(),
    }),
    z.object({ role: z.literal('tool'), content: Texts, tool_call_id: z.string().min(1).max(256) }),
  ])
  .meta({ id: 'ChatMessageParam' });
export type ChatMessageParam = z.infer<typeof ChatMessageParam>;
