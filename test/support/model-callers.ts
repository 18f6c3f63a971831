import { type ProblemCode, problems } from '#libs/problem/index.js';
import { bearer, keys } from './app.ts';
import { draftRequest, eventsOf, streamRequest } from './drafts.ts';

/** A name that `priced-models.yaml` has a route for. */
export const ROUTE = 'house-model';

/** How a call ended: its status, the code of its problem if it has one, and what it says of coming back. */
export interface Ending {
  readonly status: number;
  readonly code: string | undefined;
  readonly retryAfter: number | undefined;
  /** The problem; of a response that has none, the response. */
  readonly problem: unknown;
  /** How many pieces of the answer were shown before its end. */
  readonly pieces: number;
}

/** Who calls, and which model; a draft has no say in that. */
export interface Calling {
  readonly key?: string | undefined;
  readonly model?: string;
}

/** Asks a listening service something, and reads the answer to its end. */
type Call = (base: string, calling?: Calling) => Promise<Ending>;

const QUESTION = 'Should the harbour buy a second crane this year?';
const DONE = '[DONE]';
const chat = { messages: [{ role: 'user', content: QUESTION }] };
const response = { input: QUESTION };

/**
 * The ways to call a model. A stream that does not end in one terminal event, or in what its protocol has behind that, is an
 * Error.
 */
export const callers = {
  'a draft': async (base, calling) => jsonEnding(await post(base, draftRequest(calling?.key))),
  'a streamed draft': async (base, calling) =>
    streamEnding(await post(base, streamRequest(calling?.key)), assistEnding),
  'a conversation': async (base, calling) => jsonEnding(await post(base, openAi('chat/completions', chat, calling))),
  'a streamed conversation': async (base, calling) =>
    streamEnding(await post(base, openAi('chat/completions', { ...chat, stream: true }, calling)), chatEnding),
  'a response': async (base, calling) => jsonEnding(await post(base, openAi('responses', response, calling))),
  'a streamed response': async (base, calling) =>
    streamEnding(await post(base, openAi('responses', { ...response, stream: true }, calling)), (text) => {
      if (!text.endsWith(`data: ${DONE}\n\n`)) throw new Error('The stream of a POST ends in [DONE]');
      return responseEnding(text);
    }),
  'a response of the background': backgroundEnding,
} as const satisfies Record<string, Call>;

export type Caller = keyof typeof callers;

interface Asked {
  readonly url: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly payload: object;
}

const openAi = (route: string, payload: object, { key = keys.user, model = ROUTE }: Calling = {}): Asked => ({
  url: `/v1/${route}`,
  headers: bearer(key),
  payload: { model, ...payload },
});

function post(base: string, { url, headers, payload }: Asked): Promise<Response> {
  const init = { method: 'POST', headers: { ...headers, 'content-type': 'application/json' } };
  return fetch(`${base}${url}`, { ...init, body: JSON.stringify(payload) });
}

async function jsonEnding(answer: Response): Promise<Ending> {
  const problem: unknown = await answer.json();
  const header = answer.headers.get('retry-after');
  const retryAfter = header === null ? undefined : Number(header);
  return { status: answer.status, code: Object(problem).code, retryAfter, problem, pieces: 0 };
}

async function streamEnding(answer: Response, read: (text: string) => Ending): Promise<Ending> {
  return answer.ok ? read(await answer.text()) : jsonEnding(answer);
}

function assistEnding(text: string): Ending {
  const events = eventsOf(text);
  const last = onlyLast(events, ({ event }) => event === 'complete' || event === 'error');
  const pieces = events.filter(({ data }) => data.includes('"partial"')).length;
  return ofProblem(last.event === 'error' ? JSON.parse(last.data) : {}, pieces);
}

function chatEnding(text: string): Ending {
  const said = eventsOf(text).map(({ data }) => data);
  onlyLast(said, (data) => data === DONE);
  const chunks = said.filter((data) => data !== DONE).map((data) => Object(JSON.parse(data)));
  const failures = chunks.filter(({ error }) => error !== undefined);
  if (failures.length > 0) onlyLast(chunks, ({ error }) => error !== undefined);
  return ofProblem(failures[0] ?? {}, chunks.filter(({ choices }) => choices?.[0]?.delta.content).length);
}

function responseEnding(text: string): Ending {
  const events = eventsOf(text).filter(({ data }) => data !== DONE);
  const numbers = events.map(({ data }) => Object(JSON.parse(data)).sequence_number);
  if (numbers.some((number, at) => number !== at)) throw new Error('The events of a response are numbered from 0');
  const last = onlyLast(events, ({ event }) => /^response\.(completed|incomplete|failed)$/.test(event));
  const pieces = events.filter(({ event }) => event === 'response.output_text.delta').length;
  const { response } = Object(JSON.parse(last.data));
  const code: ProblemCode | undefined = response.error?.problem;
  if ((code !== undefined) !== (last.event === 'response.failed')) throw new Error('A failed response has an error');
  const status = code === undefined ? 200 : problems[code].status;
  return { status, code, retryAfter: undefined, problem: response, pieces };
}

/** Followed to its end, and read once more then. */
async function backgroundEnding(base: string, calling: Calling = {}): Promise<Ending> {
  const asked = openAi('responses', { ...response, background: true }, calling);
  const accepted = await post(base, asked);
  if (!accepted.ok) return jsonEnding(accepted);
  const { id } = Object(await accepted.json());
  const read = (query: string) => fetch(`${base}/v1/responses/${id}${query}`, { headers: asked.headers });
  const ending = responseEnding(await (await read('?stream=true')).text());
  const { error } = Object(await (await read('')).json());
  if (error?.problem !== ending.code && error !== null) throw new Error('A response ends as its stream does');
  return ending;
}

function ofProblem(problem: unknown, pieces: number): Ending {
  const { status = 200, retry_after_seconds: retryAfter, code } = Object(problem);
  return { status, code, retryAfter, problem, pieces };
}

/** @throws Error when none of these, or another than the last, is of the kind */
function onlyLast<T>(all: readonly T[], isEnd: (each: T) => boolean): T {
  const ends = all.filter(isEnd);
  const [end] = ends;
  if (end === undefined || ends.length > 1 || end !== all.at(-1))
    throw new Error('A stream has one end, and it is last');
  return end;
}
