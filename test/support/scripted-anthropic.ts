import type { RecordedRequest, Script } from './scripted-upstream.ts';
import { completing, failing, pieces, sampleDraft, sending, type Telling } from './scripted-upstream-scripts.ts';

/** How a message is told, besides its blocks. */
export interface MessageTelling extends Omit<Telling, 'finish' | 'usage'> {
  /** `null`: the stream ends without saying why. */
  readonly stopReason?: string | null;
  readonly startUsage?: Readonly<Record<string, unknown>>;
  readonly endUsage?: Readonly<Record<string, unknown>>;
}

/** A content block by the deltas it is told in. */
interface ToldBlock {
  readonly start: Readonly<Record<string, unknown>>;
  readonly deltas: readonly Readonly<Record<string, unknown>>[];
}

const PIECE = 16;
const MESSAGE = { id: 'msg_01', type: 'message', role: 'assistant', model: 'scripted-claude-1' } as const;

const event = (data: Readonly<Record<string, unknown>>, lineEnd: string): string =>
  `event: ${data['type']}${lineEnd}data: ${JSON.stringify(data)}${lineEnd}${lineEnd}`;

export const textBlock = (text: string, size = PIECE): ToldBlock => ({
  start: { type: 'text', text: '' },
  deltas: pieces(text, size).map((piece) => ({ type: 'text_delta', text: piece })),
});

export const toolBlock = (id: string, name: string, json: string, size = PIECE): ToldBlock => ({
  start: { type: 'tool_use', id, name, input: {} },
  deltas: ['', ...pieces(json, size)].map((partial_json) => ({ type: 'input_json_delta', partial_json })),
});

export const thinkingBlock = (thinking: string): ToldBlock => ({
  start: { type: 'thinking', thinking: '', signature: '' },
  deltas: [
    { type: 'thinking_delta', thinking },
    { type: 'signature_delta', signature: 'c2lnbmF0dXJl' },
  ],
});

/** The frames of a message stream, one string each. */
function messageFrames(blocks: readonly ToldBlock[], telling: MessageTelling): string[] {
  const { lineEnd = '\n', stopReason = 'end_turn', ending = event({ type: 'message_stop' }, lineEnd) } = telling;
  const { startUsage = { input_tokens: 11, output_tokens: 1 }, endUsage = { output_tokens: 7 } } = telling;
  const events = [
    { type: 'message_start', message: { ...MESSAGE, content: [], stop_reason: null, usage: startUsage } },
    ...blocks.flatMap(({ start, deltas }, index) => [
      { type: 'content_block_start', index, content_block: start },
      { type: 'ping' },
      ...deltas.map((delta) => ({ type: 'content_block_delta', index, delta })),
      { type: 'content_block_stop', index },
    ]),
    ...(stopReason === null
      ? []
      : [{ type: 'message_delta', delta: { stop_reason: stopReason, stop_sequence: null }, usage: endUsage }]),
  ];
  return [...events.map((data) => event(data, lineEnd)), ending].filter((text) => text !== '');
}

/** A model whose message has these blocks: as a stream, or in one piece to whoever asks for that. */
export function telling(blocks: readonly ToldBlock[], how: MessageTelling): Script {
  const streamed = sending(messageFrames(blocks, how), how);
  const { bytesPerWrite, ending, stopReason = 'end_turn', startUsage, endUsage } = how;
  if (bytesPerWrite !== undefined || ending !== undefined || stopReason === null) return streamed;
  const usage = { input_tokens: 11, output_tokens: 7, ...startUsage, ...endUsage };
  const message = { ...MESSAGE, content: blocks.map(wholeBlock), stop_reason: stopReason, usage };
  return (request, response) =>
    Object(request.body).stream === false ? completing(message)(request, response) : streamed(request, response);
}

function wholeBlock({ start, deltas }: ToldBlock): object {
  const told = (name: string): string => deltas.map((delta) => delta[name] ?? '').join('');
  if (start['type'] === 'text') return { ...start, text: told('text') };
  if (start['type'] === 'tool_use') return { ...start, input: JSON.parse(told('partial_json') || '{}') };
  return { ...start, thinking: told('thinking') };
}

/** A model that says the text. */
export const saying = (text: string, how: MessageTelling): Script =>
  telling([textBlock(text, how.charactersPerChunk)], how);

/** Says the beginning and then nothing more, on an open connection. */
export const fallingSilent =
  (beginning: string): Script =>
  (_request, response) => {
    const said = messageFrames([textBlock(beginning)], { stopReason: null, ending: '' }).join('');
    response.writeHead(200, { 'content-type': 'text/event-stream' }).write(said);
  };

/** An error in the stream, after the beginning. */
export const breakingDown = (beginning: string): Script =>
  telling(beginning === '' ? [] : [textBlock(beginning)], {
    stopReason: null,
    ending: event({ type: 'error', error: { type: 'overloaded_error', message: 'upstream words: sk-leak' } }, '\n'),
  });

/** A whole endpoint: structured answers and words. */
export const standardAnthropic: Script = (request, response) => script(request)(request, response);

function script({ path, body }: RecordedRequest): Script {
  if (path !== '/v1/messages') return failing(404, {});
  if (Object(body).output_config?.format !== undefined) return saying(JSON.stringify(plainDraft()), {});
  return saying('Tea first, then the decision. ☕ Řeka teče.', { charactersPerChunk: 5 });
}

/** The sample draft with what is left out left out: here nothing optional need be told. */
const plainDraft = (): unknown => JSON.parse(JSON.stringify(sampleDraft(6), (_key, value) => value ?? undefined));
