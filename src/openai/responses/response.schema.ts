import { z } from 'zod';
import { Item, OutputItem } from './item.schema.js';
import { ResponseTool } from './response-request.schema.js';

export const ResponseStatus = z.enum(['queued', 'in_progress', 'completed', 'incomplete', 'failed', 'cancelled']);
export type ResponseStatus = z.infer<typeof ResponseStatus>;

/** What a response cost, in model tokens. */
export const ResponseUsage = z.object({
  input_tokens: z.int(),
  input_tokens_details: z.object({ cached_tokens: z.int() }),
  output_tokens: z.int(),
  output_tokens_details: z.object({ reasoning_tokens: z.int() }),
  total_tokens: z.int(),
});
export type ResponseUsage = z.infer<typeof ResponseUsage>;

/** A tool as it was given; redacted, it may be called what no caller may call one. */
const ShownTool = ResponseTool.extend({ name: z.string(), description: z.string().nullish() }).meta({
  id: 'ResponseShownTool',
});

/** A response, as the OpenAI API shows it. */
export const ResponseView = z
  .object({
    id: z.string(),
    object: z.literal('response'),
    created_at: z.number().describe('Unix seconds'),
    completed_at: z.number().nullable(),
    status: ResponseStatus,
    background: z.boolean(),
    error: z
      .object({
        code: z.enum(['server_error', 'rate_limit_exceeded', 'invalid_prompt']),
        message: z.string(),
        problem: z.string().describe('The code in the table of errors'),
      })
      .nullable(),
    incomplete_details: z.object({ reason: z.string() }).nullable(),
    instructions: z.string().nullable(),
    max_output_tokens: z.int().nullable(),
    metadata: z.record(z.string(), z.string()),
    model: z.string(),
    output: z.array(OutputItem),
    parallel_tool_calls: z.boolean(),
    previous_response_id: z.string().nullable(),
    reasoning: z.object({ effort: z.string().nullable(), summary: z.null() }),
    store: z.boolean(),
    temperature: z.number().nullable(),
    text: z.object({ format: z.record(z.string(), z.unknown()) }),
    tool_choice: z.union([z.string(), z.object({ type: z.literal('function'), name: z.string() })]),
    tools: z.array(ShownTool),
    top_p: z.number().nullable(),
    truncation: z.literal('disabled'),
    usage: ResponseUsage.nullable().describe(
      'Null until the model has begun, and where its process ended before it could say',
    ),
    attempts: z
      .int()
      .optional()
      .describe('Present when a background run was begun again: the model may have been paid for the attempts before'),
  })
  .meta({ id: 'Response' });
export type ResponseView = z.infer<typeof ResponseView>;

export const DeletedResponse = z
  .object({ id: z.string(), object: z.literal('response'), deleted: z.literal(true) })
  .meta({ id: 'DeletedResponse' });
export type DeletedResponse = z.infer<typeof DeletedResponse>;

/** `?limit=&order=&after=` of the items that were sent. */
export const ItemsQuery = z.object({
  limit: z.coerce.number().int().min(1).max(100).default(20),
  order: z.enum(['asc', 'desc']).default('desc'),
  after: z.string().min(1).max(64).optional().describe('The last id of the page before'),
});
export type ItemsQuery = z.infer<typeof ItemsQuery>;

/** `?stream=&starting_after=` of a response. */
export const ResponseQuery = z.object({
  stream: z.enum(['true', 'false']).default('false'),
  starting_after: z
    .string()
    .regex(/^(0|[1-9]\d{0,9})$/, 'Not the number of an event')
    .optional()
    .describe('`sequence_number` of the last event received'),
});
export type ResponseQuery = z.infer<typeof ResponseQuery>;

export const ItemList = z
  .object({
    object: z.literal('list'),
    data: z.array(Item),
    first_id: z.string().nullable(),
    last_id: z.string().nullable(),
    has_more: z.boolean(),
  })
  .meta({ id: 'ResponseItemList' });
export type ItemList = z.infer<typeof ItemList>;
