import type { ChatMessage, ContentPart, TextRequest, ToolCall } from '../../provider.port.js';

type Wire = Readonly<Record<string, unknown>>;

/** A message as `POST /chat/completions` takes it. */
export function wireMessage(message: ChatMessage): Wire {
  const { role, content } = message;
  if (role === 'tool') return { role, tool_call_id: message.callId, content };
  if (role === 'user') return { role, content: typeof content === 'string' ? content : content.map(wirePart) };
  if (role === 'system' || !message.toolCalls?.length) return { role, content };
  return { role, content: content === '' ? null : content, tool_calls: message.toolCalls.map(wireCall) };
}

function wirePart(part: ContentPart): Wire {
  if (part.type === 'text') return { type: 'text', text: part.text };
  const { url, detail } = part;
  return { type: 'image_url', image_url: detail === undefined ? { url } : { url, detail } };
}

const wireCall = ({ id, name, arguments: json }: ToolCall): Wire => ({
  id,
  type: 'function',
  function: { name, arguments: json },
});

/** The tools and how they are to be used; servers refuse the second without the first. */
export function wireTools({ tools = [], toolChoice, parallelToolCalls }: TextRequest): Wire {
  if (tools.length === 0) return {};
  return {
    tools: tools.map((tool) => ({ type: 'function', function: tool })),
    ...(toolChoice === undefined ? {} : { tool_choice: wireChoice(toolChoice) }),
    ...(parallelToolCalls === undefined ? {} : { parallel_tool_calls: parallelToolCalls }),
  };
}

const wireChoice = (choice: NonNullable<TextRequest['toolChoice']>): unknown =>
  typeof choice === 'string' ? choice : { type: 'function', function: choice };

/** How the text is to be formed. */
export function wireFormat({ format }: TextRequest): Wire {
  if (format === undefined) return {};
  if (format.type === 'json') return { response_format: { type: 'json_object' } };
  const { type, ...json_schema } = format;
  return { response_format: { type, json_schema } };
}
