import { count, fields, fieldsOf, list, optional, text } from '../upstream/wire-value.policy.js';

/** Tokens of a message, each count as far as it is told. */
export interface Counts {
  readonly fresh: number | undefined;
  readonly stored: number | undefined;
  readonly read: number | undefined;
  readonly said: number | undefined;
}

/** One event of a message stream, as far as it is read; what has another type says nothing to us. */
export interface MessageEvent {
  readonly type: string;
  readonly index: number | undefined;
  readonly message: Message | undefined;
  readonly block: Block | undefined;
  readonly delta: Delta | undefined;
  readonly usage: Counts | undefined;
}

interface Message {
  readonly id: string | undefined;
  readonly model: string | undefined;
  readonly usage: Counts | undefined;
}

interface Block {
  readonly type: string;
  readonly text: string | undefined;
  readonly id: string | undefined;
  readonly name: string | undefined;
  readonly input: unknown;
}

interface Delta {
  readonly text: string | undefined;
  readonly json: string | undefined;
  readonly reason: string | undefined;
}

/** @throws {UpstreamError} `malformed` */
export function messageEvent(data: string): MessageEvent {
  const { type, index, message, content_block: block, delta, usage } = fieldsOf(data);
  return {
    type: text(type),
    index: optional(index, count),
    message: optional(message, messageOf),
    block: optional(block, blockOf),
    delta: optional(delta, deltaOf),
    usage: optional(usage, countsOf),
  };
}

/** A message that came in one piece, as far as it is read. */
export interface WholeMessage extends Message {
  readonly type: string;
  readonly blocks: readonly Block[];
  readonly reason: string | undefined;
}

/** @throws {UpstreamError} `malformed` */
export function wholeMessage(json: string): WholeMessage {
  const value = fieldsOf(json);
  const type = text(value['type']);
  return {
    ...messageOf(value),
    type,
    blocks: type === 'message' ? list(value['content']).map(blockOf) : [],
    reason: optional(value['stop_reason'], text),
  };
}

function messageOf(value: unknown): Message {
  const { id, model, usage } = fields(value);
  return { id: optional(id, text), model: optional(model, text), usage: optional(usage, countsOf) };
}

function blockOf(value: unknown): Block {
  const { type, text: said, id, name, input } = fields(value);
  return {
    type: text(type),
    text: optional(said, text),
    id: optional(id, text),
    name: optional(name, text),
    input,
  };
}

function deltaOf(value: unknown): Delta {
  const { text: said, partial_json: json, stop_reason: reason } = fields(value);
  return { text: optional(said, text), json: optional(json, text), reason: optional(reason, text) };
}

function countsOf(value: unknown): Counts {
  const { input_tokens, cache_creation_input_tokens, cache_read_input_tokens, output_tokens } = fields(value);
  return {
    fresh: optional(input_tokens, count),
    stored: optional(cache_creation_input_tokens, count),
    read: optional(cache_read_input_tokens, count),
    said: optional(output_tokens, count),
  };
}
