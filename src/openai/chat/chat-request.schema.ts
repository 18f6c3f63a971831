import { z } from 'zod';
import { Description, FunctionName, JsonSchema, MOST_TOOLS, Strict, toolFaults } from '../vocabulary.schema.js';
import { ChatMessageParam } from './chat-message.schema.js';

const MOST_MESSAGES = 2_048;
const MOST_STOPS = 4;

const penalty = z.number().min(-2).max(2).nullish();
const tokens = z.int().min(1).nullish();
const stop = z.string().min(1).max(256);

export const ChatTool = z
  .object({
    type: z.literal('function', 'Only functions can be tools here'),
    function: z.object({
      name: FunctionName,
      description: Description,
      parameters: JsonSchema.nullish(),
      strict: Strict,
    }),
  })
  .meta({ id: 'ChatTool' });
export type ChatTool = z.infer<typeof ChatTool>;

const ToolChoice = z.union(
  [
    z.enum(['auto', 'none', 'required']),
    z.object({ type: z.literal('function'), function: z.object({ name: FunctionName }) }),
  ],
  { error: 'auto, none, required, or a function by its name' },
);

const ResponseFormat = z.discriminatedUnion('type', [
  z.object({ type: z.literal('text') }),
  z.object({ type: z.literal('json_object') }),
  z.object({
    type: z.literal('json_schema'),
    json_schema: z.object({
      name: FunctionName,
      description: Description,
      schema: JsonSchema.nullish(),
      strict: Strict,
    }),
  }),
]);

/** Fields that are not named here are ignored, as the OpenAI API does. */
export const ChatRequest = z
  .object({
    model: z.string().min(1),
    messages: z.array(ChatMessageParam).min(1).max(MOST_MESSAGES),
    stream: z.boolean().nullish(),
    stream_options: z.object({ include_usage: z.boolean().nullish() }).nullish(),
    tools: z.array(ChatTool).max(MOST_TOOLS).nullish(),
    tool_choice: ToolChoice.nullish(),
    parallel_tool_calls: z.boolean().nullish(),
    response_format: ResponseFormat.nullish(),
    max_completion_tokens: tokens,
    max_tokens: tokens.describe('The older name of `max_completion_tokens`, which counts when both are there'),
    stop: z.union([stop, z.array(stop).max(MOST_STOPS)]).nullish(),
    temperature: z.number().min(0).max(2).nullish(),
    top_p: z.number().min(0).max(1).nullish(),
    presence_penalty: penalty,
    frequency_penalty: penalty,
    seed: z.int().nullish(),
    reasoning_effort: z.string().min(1).max(32).nullish(),
    n: z.literal(1, 'One answer a call').nullish(),
  })
  .superRefine(({ tools, tool_choice }, context) => {
    const names = (tools ?? []).map((tool) => tool.function.name);
    const choice = typeof tool_choice === 'object' ? tool_choice?.function : tool_choice;
    for (const [field, message] of toolFaults(names, choice))
      context.addIssue({ code: 'custom', path: [field], message });
  })
  .meta({ id: 'ChatRequest' });
export type ChatRequest = z.infer<typeof ChatRequest>;
