import type { ChatMessage, ContentPart, TextRequest, ToolCall } from '#src/models/index.js';
import { given } from '../given.js';
import { formatOf, toolChoiceOf, toolOf } from '../vocabulary.policy.js';
import type { ChatMessageParam } from './chat-message.schema.js';
import type { ChatRequest } from './chat-request.schema.js';

/** What a chat completion asks of a model, in the words of every provider. */
export const textRequestOf = (request: ChatRequest): TextRequest => ({
  model: request.model,
  messages: request.messages.map(messageOf),
  ...given({
    tools: request.tools?.map((tool) => toolOf(tool.function)),
    toolChoice: toolChoiceOf(choiceOf(request.tool_choice)),
    parallelToolCalls: request.parallel_tool_calls,
    format: formatOf(flat(request.response_format)),
    maxOutputTokens: request.max_completion_tokens ?? request.max_tokens,
    stop: request.stop === undefined || request.stop === null ? undefined : [request.stop].flat(),
    temperature: request.temperature,
    topP: request.top_p,
    presencePenalty: request.presence_penalty,
    frequencyPenalty: request.frequency_penalty,
    seed: request.seed,
    reasoningEffort: request.reasoning_effort,
  }),
});

function messageOf(message: ChatMessageParam): ChatMessage {
  switch (message.role) {
    case 'user':
      return { role: 'user', content: userContent(message.content) };
    case 'assistant':
      return assistantMessage(message);
    case 'tool':
      return { role: 'tool', callId: message.tool_call_id, content: textOf(message.content) };
    default:
      return { role: 'system', content: textOf(message.content) };
  }
}

type Of<Role extends ChatMessageParam['role']> = Extract<ChatMessageParam, { role: Role }>;

function assistantMessage({ content, refusal, tool_calls }: Of<'assistant'>): ChatMessage {
  const toolCalls = (tool_calls ?? []).map(
    ({ id, function: called }): ToolCall => ({ id, name: called.name, arguments: called.arguments }),
  );
  return {
    role: 'assistant',
    content: textOf(content ?? refusal ?? ''),
    ...(toolCalls.length > 0 ? { toolCalls } : {}),
  };
}

const userContent = (content: Of<'user'>['content']): string | readonly ContentPart[] =>
  typeof content === 'string' ? content : content.map(partOf);

function partOf(part: Exclude<Of<'user'>['content'], string>[number]): ContentPart {
  if (part.type === 'text') return { type: 'text', text: part.text };
  const { url, detail } = part.image_url;
  return { type: 'image', url, ...given({ detail }) };
}

type Words = string | readonly ({ readonly text: string } | { readonly refusal: string })[];

const textOf = (content: Words): string =>
  typeof content === 'string' ? content : content.map((part) => ('text' in part ? part.text : part.refusal)).join('\n');

const choiceOf = (choice: ChatRequest['tool_choice']) => (typeof choice === 'object' ? choice?.function : choice);

const flat = (format: ChatRequest['response_format']) =>
  format?.type === 'json_schema' ? { type: format.type, ...format.json_schema } : format;
