import type { TextFormat, TextRequest, Tool } from '#src/models/index.js';
import { given } from '../given.js';
import { conversationOf } from './conversation.policy.js';
import type { Item } from './item.schema.js';
import type { ResponseRequest, ResponseTool } from './response-request.schema.js';

/**
 * What a response asks of a model, in the words of every provider.
 *
 * @param items the whole conversation
 * @throws {AppError} `BAD_INPUT` for calls and outputs that do not belong together
 */
export const textRequestOf = (request: ResponseRequest, items: readonly Item[]): TextRequest => ({
  model: request.model,
  messages: conversationOf(request.instructions, items),
  ...given({
    tools: request.tools?.map(toolOf),
    toolChoice: toolChoiceOf(request.tool_choice),
    parallelToolCalls: request.parallel_tool_calls,
    format: formatOf(request.text?.format),
    maxOutputTokens: request.max_output_tokens,
    temperature: request.temperature,
    topP: request.top_p,
    reasoningEffort: request.reasoning?.effort,
  }),
});

/** A function without parameters takes an empty object. */
const NO_PARAMETERS = { type: 'object', properties: {} } as const;

const toolOf = ({ name, description, parameters, strict }: ResponseTool): Tool => ({
  name,
  parameters: parameters ?? NO_PARAMETERS,
  ...given({ description, strict }),
});

function toolChoiceOf(choice: ResponseRequest['tool_choice']): TextRequest['toolChoice'] {
  return typeof choice === 'object' && choice !== null ? { name: choice.name } : (choice ?? undefined);
}

function formatOf(format: NonNullable<ResponseRequest['text']>['format']): TextFormat | undefined {
  if (format?.type === 'json_object') return { type: 'json' };
  if (format?.type !== 'json_schema') return undefined;
  const { name, description, schema, strict } = format;
  return { type: 'json_schema', name, schema, ...given({ description, strict }) };
}
