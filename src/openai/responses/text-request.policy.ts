import type { TextRequest } from '#src/models/index.js';
import { given } from '../given.js';
import { formatOf, toolChoiceOf, toolOf } from '../vocabulary.policy.js';
import { conversationOf } from './conversation.policy.js';
import type { Item } from './item.schema.js';
import type { ResponseRequest } from './response-request.schema.js';

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
