import { createHash } from 'node:crypto';
import type { ServerResponse } from 'node:http';
import { setTimeout as delay, setImmediate as turn } from 'node:timers/promises';
import type { RecordedRequest, Script } from './scripted-upstream.ts';

/** How a well-formed stream is told. */
export interface Telling {
  readonly paceMs?: number;
  readonly charactersPerChunk?: number;
  /** Cuts the bytes of the whole stream into writes of this size, whatever they hold. */
  readonly bytesPerWrite?: number;
  readonly finish?: 'stop' | 'length' | 'content_filter' | 'tool_calls' | null;
  readonly usage?: {
    readonly prompt_tokens: number;
    readonly completion_tokens: number;
    readonly [detail: string]: unknown;
  } | null;
  readonly lineEnd?: '\n' | '\r\n' | '\r';
  /** What stands after the last event. */
  readonly ending?: string;
}

const MODEL = 'scripted-1';
const frame = (data: unknown, lineEnd: string): string => `data: ${JSON.stringify(data)}${lineEnd}${lineEnd}`;
const chunk = (delta: unknown, finish: string | null) => ({
  id: 'chatcmpl-1',
  object: 'chat.completion.chunk',
  model: MODEL,
  choices: [{ index: 0, delta, finish_reason: finish }],
});

/** The frames of a chat completion stream that says a text, one string each. */
export function frames(text: string, telling: Telling): string[] {
  const { charactersPerChunk = 16 } = telling;
  return framesOf(
    pieces(text, charactersPerChunk).map((content) => ({ content })),
    telling,
  );
}

/** A text in pieces of so many characters. */
export function pieces(text: string, size: number): string[] {
  const characters = Array.from(text);
  return Array.from({ length: Math.ceil(characters.length / size) }, (_, index) =>
    characters.slice(index * size, (index + 1) * size).join(''),
  );
}

function framesOf(deltas: readonly unknown[], telling: Telling): string[] {
  const { finish = 'stop', lineEnd = '\n', ending = `data: [DONE]${lineEnd}${lineEnd}` } = telling;
  const { usage = { prompt_tokens: 11, completion_tokens: 7 } } = telling;
  return [
    `: warming up${lineEnd}${lineEnd}`,
    frame(chunk({ role: 'assistant', content: '' }, null), lineEnd),
    ...deltas.map((delta) => frame(chunk(delta, null), lineEnd)),
    ...(finish === null ? [] : [frame(chunk({}, finish), lineEnd)]),
    ...(usage === null ? [] : [frame({ model: MODEL, choices: [], usage }, lineEnd)]),
    ending,
  ].filter((text) => text !== '');
}

const head = (response: ServerResponse): ServerResponse =>
  response.writeHead(200, { 'content-type': 'text/event-stream; charset=utf-8', 'cache-control': 'no-cache' });

/** A well-behaved model that says the text: as a stream, or in one piece to whoever asks for that. */
export const answering = (text: string, telling: Telling): Script =>
  asAsked({ content: text }, telling, sending(frames(text, telling), telling));

/** Where it is told how the stream is cut or ends, there is a stream whatever was asked. */
function asAsked(message: object, telling: Telling, streamed: Script): Script {
  const { bytesPerWrite, ending, finish = 'stop', usage = { prompt_tokens: 11, completion_tokens: 7 } } = telling;
  if (bytesPerWrite !== undefined || ending !== undefined || finish === null) return streamed;
  const choices = [{ index: 0, message: { role: 'assistant', ...message }, finish_reason: finish }];
  const completion = completing({ id: 'chatcmpl-1', object: 'chat.completion', model: MODEL, choices, usage });
  return async (request, response) => {
    if (Object(request.body).stream !== false) return streamed(request, response);
    if (telling.paceMs !== undefined) await delay(telling.paceMs);
    return completion(request, response);
  };
}

/** An answer in one piece, whatever was asked. */
export const completing = (completion: unknown): Script =>
  replying(200, { 'content-type': 'application/json' }, JSON.stringify(completion));

/** A model whose chunks have these deltas, whatever they are. */
export const delivering = (deltas: readonly unknown[], telling: Telling): Script =>
  sending(framesOf(deltas, telling), telling);

/** A model that calls tools as OpenAI does: one after the other, the arguments in pieces of a few characters. */
export const calling = (
  calls: readonly { readonly id: string; readonly name: string; readonly arguments: string }[],
  telling: Telling,
): Script => {
  const { charactersPerChunk = 6 } = telling;
  const deltas = calls.flatMap(({ id, name, arguments: json }, index) => [
    { tool_calls: [{ index, id, type: 'function', function: { name, arguments: '' } }] },
    ...pieces(json, charactersPerChunk).map((piece) => ({ tool_calls: [{ index, function: { arguments: piece } }] })),
  ]);
  const message = {
    content: null,
    tool_calls: calls.map(({ id, name, arguments: json }) => ({
      id,
      type: 'function',
      function: { name, arguments: json },
    })),
  };
  const told: Telling = { finish: 'tool_calls', ...telling };
  return asAsked(message, told, delivering(deltas, told));
};

/** A model that declines, in words of its own. */
export const refusing = (text: string, telling: Telling): Script => {
  const { charactersPerChunk = 6 } = telling;
  const deltas = pieces(text, charactersPerChunk).map((refusal) => ({ refusal }));
  return asAsked({ content: null, refusal: text }, telling, delivering(deltas, telling));
};

/** Writes the parts of an event stream, cut and paced as told. */
export const sending =
  (all: readonly string[], telling: Telling): Script =>
  async (_request, response) => {
    head(response).flushHeaders();
    for (const bytes of writes(all, telling)) {
      if (response.destroyed) return;
      response.write(bytes);
      await (telling.paceMs === undefined ? turn() : delay(telling.paceMs));
    }
    response.end();
  };

function writes(all: readonly string[], { bytesPerWrite }: Telling): readonly Uint8Array[] {
  if (bytesPerWrite === undefined) return all.map((text) => Buffer.from(text));
  const bytes = Buffer.from(all.join(''));
  return Array.from({ length: Math.ceil(bytes.length / bytesPerWrite) }, (_, index) =>
    bytes.subarray(index * bytesPerWrite, (index + 1) * bytesPerWrite),
  );
}

/** A model that streams a draft, as slowly as wanted: for long-running streams. */
export const drafting = (proposal: unknown, telling: Telling): Script => answering(JSON.stringify(proposal), telling);

/** Says the beginning and then nothing more, on an open connection. */
export const stalling =
  (beginning: string): Script =>
  (_request, response) => {
    head(response).write(frames(beginning, { finish: null, usage: null, ending: '' }).join(''));
  };

/** Takes the request and never says a word, not even a status. */
export const silent: Script = () => undefined;

/** Says the beginning, then ends the stream as if that were all. */
export const breakingOff = (beginning: string): Script =>
  answering(beginning, { finish: null, usage: null, ending: '' });

/** Says the beginning, then resets the connection. */
export const resetting =
  (beginning: string): Script =>
  async (_request, response) => {
    if (beginning !== '') {
      const said = frames(beginning, { finish: null, usage: null, ending: '' }).join('');
      await new Promise<void>((resolve) => head(response).write(said, () => resolve()));
    }
    response.socket?.resetAndDestroy();
  };

/** Answers with this status, these headers and this body. */
export const replying =
  (status: number, headers: Readonly<Record<string, string>>, body: string): Script =>
  (_request, response) => {
    response.writeHead(status, headers).end(body);
  };

/** An error as OpenAI words it; with words that must not reach anybody. */
export const failing = (status: number, headers: Readonly<Record<string, string>>): Script =>
  replying(
    status,
    { 'content-type': 'application/json', ...headers },
    JSON.stringify({ error: { message: 'upstream words: sk-leak-0123456789abcdef0123', type: 'x', code: 'y' } }),
  );

/** Any event stream at all. */
export const streaming = (sse: string): Script => replying(200, { 'content-type': 'text/event-stream' }, sse);

/** Words without end, until so many bytes are sent or nobody listens. */
export const flooding =
  (bytes: number): Script =>
  async (_request, response) => {
    head(response);
    const piece = frame(chunk({ content: 'x'.repeat(65_536) }, null), '\n');
    for (let sent = 0; sent < bytes && !response.destroyed; sent += piece.length) {
      response.write(piece);
      await turn();
    }
    response.end();
  };

/** A vector for each text: equal texts have equal vectors. */
export const embedding =
  (dimensions: number): Script =>
  ({ body }, response) => {
    const { input = [] } = Object(body) as { input?: readonly (string | readonly number[])[] };
    const data = input.map((text, index) => ({
      object: 'embedding',
      index,
      embedding: vectorOf(String(text), dimensions),
    }));
    const usage = { prompt_tokens: input.join('').length, total_tokens: input.join('').length };
    response
      .writeHead(200, { 'content-type': 'application/json' })
      .end(JSON.stringify({ object: 'list', model: 'scripted-embed-1', data: data.reverse(), usage }));
  };

const vectorOf = (text: string, dimensions: number): number[] => {
  const digest = createHash('sha256').update(text).digest();
  return Array.from({ length: dimensions }, (_, index) => (digest[index % digest.length] ?? 0) / 255);
};

/** A whole endpoint: embeddings, structured answers, tool calls and words, each by its own script. */
export const standard =
  (scripts: {
    readonly structured?: Script;
    /** Answers a request with tools, unless its last message is what a tool returned. */
    readonly tools?: Script;
    readonly words?: Script;
    readonly embeddings?: Script;
  }): Script =>
  (request, response) =>
    script(request, scripts)(request, response);

function script({ path, body }: RecordedRequest, scripts: Parameters<typeof standard>[0]): Script {
  if (path.endsWith('/embeddings')) return scripts.embeddings ?? embedding(8);
  if (!path.endsWith('/chat/completions')) return failing(404, {});
  const { response_format: format, tools, messages } = Object(body);
  if (scripts.tools !== undefined && tools !== undefined && messages.at(-1).role !== 'tool') return scripts.tools;
  if (format !== undefined) return scripts.structured ?? drafting(sampleDraft(6), {});
  return scripts.words ?? answering('Tea first, then the decision. ☕ Řeka teče.', { charactersPerChunk: 5 });
}

/** A draft as strict mode words it, with `null` for what is left out. */
export function sampleDraft(nodes: number): unknown {
  const kinds = ['decision', 'option', 'factor', 'risk', 'action', 'outcome'];
  const node = (index: number) => ({
    id: `n${index}`,
    kind: index === 0 ? 'goal' : kinds[(index - 1) % kinds.length],
    label: `Point ${index} of the plan – č. ${index}`,
    body: index % 2 === 0 ? null : 'What it is about.',
    why: 'It stands in the brief.',
    quotation: null,
  });
  const edge = (index: number) => ({
    from: `n${index}`,
    to: `n${index + 1}`,
    weight: 0.5,
    belief: null,
    basis: 'hypothesis',
    quotation: null,
  });
  return {
    nodes: Array.from({ length: nodes }, (_, index) => node(index)),
    edges: Array.from({ length: Math.max(0, nodes - 1) }, (_, index) => edge(index)),
    confidence: 0.7,
  };
}
