import type { Usage } from '#src/kernel/index.js';
import type { ChatMessage, TextEvent, TextRequest, ToolCall } from './provider.port.js';
import { estimateAll, estimateTokens } from './tokens.policy.js';

/** The words of a message: the text of its parts; images have none. */
export function wordsOf({ content }: ChatMessage): string {
  if (typeof content === 'string') return content;
  return content.flatMap((part) => (part.type === 'text' ? [part.text] : [])).join('\n');
}

/** Estimated tokens of a request, as far as it is text: messages, tool calls and what the tools are, each by itself. */
export const estimateInput = ({ messages, tools = [] }: TextRequest): number =>
  messages.reduce((total, message) => total + estimateMessage(message), 0) +
  tools.reduce((total, tool) => total + estimateTokens(JSON.stringify(tool)), 0);

const estimateMessage = (message: ChatMessage): number =>
  estimateTokens(wordsOf(message)) + estimateAll(callsOf(message));

const callsOf = (message: ChatMessage): string[] =>
  message.role === 'assistant' ? (message.toolCalls ?? []).map(({ name, arguments: json }) => name + json) : [];

/** Whole calls as a stream tells them: one piece each. */
export const tellCalls = (calls: readonly ToolCall[], used: Usage): TextEvent[] =>
  calls.map((call, index) => ({ type: 'tool_delta', index, ...call, used }));
