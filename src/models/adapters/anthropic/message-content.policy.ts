import { AppError } from '#src/kernel/index.js';
import type { ChatMessage, ContentPart, ToolCall } from '../../provider.port.js';

/** A block of a message as `POST /v1/messages` takes it. */
export type Block = Readonly<Record<string, unknown>>;

const DATA_URL = /^data:(image\/(?:jpeg|png|gif|webp));base64,([A-Za-z0-9+/]+={0,2})$/;
const NOT_AN_ID = /[^A-Za-z0-9_-]/g;

/** What a message holds; empty texts are refused by the API and say nothing. */
export function blocksOf(message: Exclude<ChatMessage, { role: 'system' }>): readonly Block[] {
  if (message.role === 'tool') {
    return [{ type: 'tool_result', tool_use_id: idOf(message.callId), content: message.content }];
  }
  if (message.role === 'assistant') return [...textBlock(message.content), ...(message.toolCalls ?? []).map(callBlock)];
  const { content } = message;
  return typeof content === 'string' ? textBlock(content) : content.flatMap(partBlock);
}

const textBlock = (text: string): readonly Block[] => (text === '' ? [] : [{ type: 'text', text }]);

const partBlock = (part: ContentPart): readonly Block[] =>
  part.type === 'text' ? textBlock(part.text) : [{ type: 'image', source: imageSource(part.url) }];

/** @throws {AppError} `BAD_INPUT` */
function imageSource(url: string): Block {
  if (url.startsWith('https://')) return { type: 'url', url };
  const [, media_type, data] = DATA_URL.exec(url) ?? [];
  if (data !== undefined) return { type: 'base64', media_type, data };
  throw new AppError('BAD_INPUT', 'An image is an https: URL, or base64 data of a JPEG, PNG, GIF or WebP');
}

function callBlock({ id, name, arguments: json }: ToolCall): Block {
  return { type: 'tool_use', id: idOf(id), name, input: inputOf(json) };
}

/** Ids that another model gave may hold more than this API takes. */
const idOf = (id: string): string => id.replaceAll(NOT_AN_ID, '_');

/** Arguments as the model wrote them need not be JSON, but here they must be an object: then the text is its member. */
function inputOf(json: string): unknown {
  const fallback = json.trim() === '' ? {} : { text: json };
  try {
    const value: unknown = JSON.parse(json);
    return typeof value === 'object' && value !== null && !Array.isArray(value) ? value : fallback;
  } catch {
    return fallback;
  }
}
