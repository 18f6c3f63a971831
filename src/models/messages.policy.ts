import type { Usage } from '#src/kernel/index.js';
import type { ChatMessage, TextEvent, TextRequest, ToolCall } from './provider.port.js';
import { estimateAll } from './tokens.policy.js';

/** The words of a message: the text of its parts; images have none. */
export function wordsOf({ content }: ChatMessage): string {
  if (typeof content === 'string') return content;
  return content.flatMap((part) => (part.type === 'text' ? [part.text] : [])).join('\n');
}

/** Every text a model is sent with a request: messages, tool calls and what the tools are. */
const textsOf = ({ messages, tools = [] }: TextRequest): string[] => [
  ...messages.flatMap((message) => [wordsOf(message), ...callsOf(message)]),
  ...tools.map((tool) => JSON.stringify(tool)),
];

/** Estimated tokens of a request, as far as it is text. */
export const estimateInput = (request: TextRequest): number => estimateAll(textsOf(request));

const callsOf = (message: ChatMessage): string[] =>
  message.role === 'assistant' ? (message.toolCalls ?? []).map(({ name, arguments: json }) => name + json) : [];

/** Whole calls as a stream tells them: one piece each. */
export const tellCalls = (calls: readonly ToolCall[], used: Usage): TextEvent[] =>
  calls.map((call, index) => ({ type: 'tool_delta', index, ...call, used }));
