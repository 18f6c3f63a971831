import { AppError } from '#src/kernel/index.js';
import type { ChatMessage, ContentPart } from '#src/models/index.js';
import type { Item } from './item.schema.js';

type MessageItem = Extract<Item, { readonly type: 'message' }>;
type Part = MessageItem['content'][number];

/**
 * Items as the messages every provider knows. What a model called and said beside it is one message.
 *
 * @throws {AppError} `BAD_INPUT` when a call and what its function returned do not find each other
 */
export function conversationOf(instructions: string | null | undefined, items: readonly Item[]): ChatMessage[] {
  checkCalls(items);
  const messages: ChatMessage[] = [];
  if (instructions !== undefined && instructions !== null) messages.push({ role: 'system', content: instructions });
  for (const item of items) {
    const joined = item.type === 'function_call' ? joinCall(messages.at(-1), item) : undefined;
    if (joined === undefined) messages.push(messageOf(item));
    else messages.splice(-1, 1, joined);
  }
  return messages;
}

function checkCalls(items: readonly Item[]): void {
  const open = new Set<string>();
  const known = new Set<string>();
  for (const item of items) {
    if (item.type === 'function_call') {
      open.add(item.call_id);
      known.add(item.call_id);
    }
    if (item.type !== 'function_call_output') continue;
    if (!known.has(item.call_id)) throw unpaired(`No function call has the call_id ${item.call_id}`);
    open.delete(item.call_id);
  }
  const [first] = open;
  if (first !== undefined) throw unpaired(`No output for the function call ${first}`);
}

const unpaired = (message: string): AppError =>
  new AppError('BAD_INPUT', message, { errors: [{ path: 'input', code: 'invalid', message }] });

function joinCall(
  last: ChatMessage | undefined,
  item: Extract<Item, { type: 'function_call' }>,
): ChatMessage | undefined {
  if (last?.role !== 'assistant') return undefined;
  return { ...last, toolCalls: [...(last.toolCalls ?? []), callOf(item)] };
}

const callOf = ({ call_id, name, arguments: text }: Extract<Item, { type: 'function_call' }>) => ({
  id: call_id,
  name,
  arguments: text,
});

function messageOf(item: Item): ChatMessage {
  if (item.type === 'function_call') return { role: 'assistant', content: '', toolCalls: [callOf(item)] };
  if (item.type === 'function_call_output') {
    const { call_id: callId, output } = item;
    return { role: 'tool', callId, content: typeof output === 'string' ? output : textOf(output) };
  }
  const { role, content } = item;
  if (role === 'user') return { role, content: userContent(content) };
  return { role: role === 'assistant' ? 'assistant' : 'system', content: textOf(content) };
}

function userContent(parts: readonly Part[]): string | readonly ContentPart[] {
  return parts.some(({ type }) => type === 'input_image') ? parts.map(partOf) : textOf(parts);
}

function partOf(part: Part): ContentPart {
  if (part.type !== 'input_image') return { type: 'text', text: wordsOf(part) };
  const { image_url: url, detail } = part;
  if (detail === undefined || detail === null) return { type: 'image', url };
  return { type: 'image', url, detail: detail === 'original' ? 'high' : detail };
}

const textOf = (parts: readonly Part[]): string => parts.map(wordsOf).join('\n');

function wordsOf(part: Part): string {
  if (part.type === 'input_image') return '';
  return part.type === 'refusal' ? part.refusal : part.text;
}
