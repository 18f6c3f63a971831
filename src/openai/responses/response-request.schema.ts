import { z } from 'zod';
import {
  Description,
  FunctionName,
  JsonSchema,
  MOST_TOOLS,
  Strict,
  textUpTo,
  toolFaults,
} from '../vocabulary.schema.js';
import { InputItem } from './item.schema.js';
import { RESPONSE_ID } from './response-ids.policy.js';

const MOST_ITEMS = 2_048;
const MOST_METADATA = 16;
/** Longest instructions and input text, UTF-16 units: the body limit is what bounds it all. */
const LONGEST_TEXT = 10_485_760;
/** What a response repeats of its request in each state, JSON characters. */
const MOST_ECHOED = 524_288;

const Text = textUpTo(LONGEST_TEXT);

export const ResponseTool = z
  .object({
    type: z.literal('function', 'Only functions can be tools here'),
    name: FunctionName,
    description: Description,
    parameters: JsonSchema.nullish(),
    strict: Strict,
  })
  .meta({ id: 'ResponseTool' });
export type ResponseTool = z.infer<typeof ResponseTool>;

const ToolChoice = z.union(
  [z.enum(['auto', 'none', 'required']), z.object({ type: z.literal('function'), name: FunctionName })],
  { error: 'auto, none, required, or a function by its name' },
);
export type ToolChoice = z.infer<typeof ToolChoice>;

export const ResponseTextFormat = z.discriminatedUnion('type', [
  z.object({ type: z.literal('text') }),
  z.object({ type: z.literal('json_object') }),
  z.object({
    type: z.literal('json_schema'),
    name: FunctionName,
    description: Description,
    schema: JsonSchema,
    strict: Strict,
  }),
]);

const Metadata = z
  .record(z.string().max(64), z.string().max(512))
  .refine((metadata) => Object.keys(metadata).length <= MOST_METADATA, `At most ${MOST_METADATA} pairs`);

/** Fields that are not named here are ignored, as the OpenAI API does. */
export const ResponseRequest = z
  .object({
    model: z.string().min(1).max(256),
    input: z.union([Text, z.array(InputItem).min(1).max(MOST_ITEMS)], { error: inputFault }),
    instructions: Text.nullish(),
    stream: z.boolean().nullish(),
    background: z.boolean().nullish(),
    store: z.boolean().nullish().describe('Left out: true'),
    previous_response_id: z.string().regex(RESPONSE_ID, 'Not the id of a response').nullish(),
    max_output_tokens: z.int().min(1).nullish(),
    temperature: z.number().min(0).max(2).nullish(),
    top_p: z.number().min(0).max(1).nullish(),
    text: z.object({ format: ResponseTextFormat.nullish() }).nullish(),
    tools: z.array(ResponseTool).max(MOST_TOOLS).nullish(),
    tool_choice: ToolChoice.nullish(),
    parallel_tool_calls: z.boolean().nullish(),
    reasoning: z.object({ effort: z.string().min(1).max(32).nullish() }).nullish(),
    metadata: Metadata.nullish(),
  })
  .superRefine(({ tools, tool_choice, background, store, instructions, text, metadata }, context) => {
    const fault = (path: string, message: string) => context.addIssue({ code: 'custom', path: [path], message });
    const names = (tools ?? []).map(({ name }) => name);
    for (const [field, message] of toolFaults(names, tool_choice ?? undefined)) fault(field, message);
    if (background === true && store === false) fault('background', 'A response in the background is stored');
    if (JSON.stringify([instructions, tools, text, metadata]).length > MOST_ECHOED)
      fault('', `instructions, tools, text and metadata have together at most ${MOST_ECHOED} characters`);
  })
  .meta({ id: 'ResponseRequest' });
export type ResponseRequest = z.infer<typeof ResponseRequest>;

/** The most telling fault of a list: which item, and what about it. */
function inputFault({ input }: { readonly input?: unknown }): string {
  return Array.isArray(input)
    ? 'A list of items, each a message, function_call, function_call_output, reasoning or item_reference'
    : 'A text, or a list of items';
}
