import { z } from 'zod';
import { FunctionName, IMAGE_URL, Text } from '../vocabulary.schema.js';

/** Longest id of an item, as OpenAI takes them. */
const MAX_ID_LENGTH = 64;
const MAX_CALL_ID_LENGTH = 256;

const Id = z.string().min(1).max(MAX_ID_LENGTH);
const CallId = z.string().min(1).max(MAX_CALL_ID_LENGTH);

const InputText = z.object({ type: z.literal('input_text'), text: Text });
const InputImage = z.object({
  type: z.literal('input_image'),
  image_url: z
    .string()
    .regex(
      IMAGE_URL,
      'A data URL of a PNG, JPEG, GIF or WebP image in base64, or an https URL; files are not kept here',
    ),
  detail: z.enum(['auto', 'low', 'high', 'original']).nullish(),
});
const OutputText = z.object({ type: z.literal('output_text'), text: Text });
const Refusal = z.object({ type: z.literal('refusal'), refusal: Text });

const UserParts = z.array(z.discriminatedUnion('type', [InputText, InputImage])).min(1);
const AssistantParts = z.array(z.discriminatedUnion('type', [OutputText, Refusal, InputText])).min(1);
const Texts = z.array(InputText).min(1);

const common = { type: z.literal('message').nullish(), id: Id.nullish() };

const Message = z.discriminatedUnion('role', [
  z.object({
    ...common,
    role: z.literal('user'),
    content: z.union([Text, UserParts], { error: 'A text, or a list of input_text and input_image' }),
  }),
  z.object({
    ...common,
    role: z.enum(['system', 'developer']),
    content: z.union([Text, Texts], { error: 'A text, or a list of input_text' }),
  }),
  z.object({
    ...common,
    role: z.literal('assistant'),
    content: z.union([Text, AssistantParts], { error: 'A text, or a list of output_text and refusal' }),
  }),
]);

const Other = z.discriminatedUnion('type', [
  z.object({
    type: z.literal('function_call'),
    id: Id.nullish(),
    call_id: CallId,
    name: FunctionName,
    arguments: Text.describe('JSON text, as the model wrote it'),
  }),
  z.object({
    type: z.literal('function_call_output'),
    id: Id.nullish(),
    call_id: CallId,
    output: z.union([Text, Texts], { error: 'A text, or a list of input_text' }),
  }),
  // Thoughts of a model mean nothing to another one: they are taken and left out.
  z.object({ type: z.literal('reasoning'), id: Id.nullish() }),
]);

const ItemReference = z.strictObject({ type: z.literal('item_reference').nullish(), id: Id });

/** One item of a conversation. */
export const InputItem = z
  .union([Message, Other, ItemReference], {
    error: 'A message, function_call, function_call_output, reasoning or item_reference',
  })
  .meta({ id: 'ResponseInputItem' });
export type InputItem = z.infer<typeof InputItem>;
export type InputMessage = z.infer<typeof Message>;

const status = z.enum(['in_progress', 'completed', 'incomplete']);

/** What is kept was taken before, perhaps redacted then, or a model said it: what a caller may not write is told all the same. */
const Kept = z.string();
const KeptText = InputText.extend({ text: Kept });

const MessageItem = z.object({
  id: z.string(),
  type: z.literal('message'),
  role: z.enum(['user', 'system', 'developer', 'assistant']),
  status,
  content: z.array(
    z.discriminatedUnion('type', [
      KeptText,
      InputImage.extend({ image_url: Kept }),
      OutputText.extend({ text: Kept, annotations: z.array(z.unknown()), logprobs: z.array(z.unknown()) }),
      Refusal.extend({ refusal: Kept }),
    ]),
  ),
});

const CallItem = z.object({
  id: z.string(),
  type: z.literal('function_call'),
  status,
  call_id: z.string(),
  name: z.string(),
  arguments: z.string(),
});

const CallOutputItem = z.object({
  id: z.string(),
  type: z.literal('function_call_output'),
  status,
  call_id: z.string(),
  output: z.union([Kept, z.array(KeptText)]),
});

/** An item as it is kept and listed: whole, and with an id. */
export const Item = z.discriminatedUnion('type', [MessageItem, CallItem, CallOutputItem]).meta({ id: 'ResponseItem' });
export type Item = z.infer<typeof Item>;

/** What a model answers with. */
export const OutputItem = z.discriminatedUnion('type', [MessageItem, CallItem]).meta({ id: 'ResponseOutputItem' });
export type OutputItem = z.infer<typeof OutputItem>;
