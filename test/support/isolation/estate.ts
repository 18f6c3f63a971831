import { bearer } from '../app.ts';
import type { Caller } from './callers.ts';
import { type Answer, type Asked, exchange } from './exchange.ts';
import { HELD_WORD, PLANTED_WORD } from './model.ts';

/** Something that belongs to somebody and that others could name. */
export interface Thing {
  readonly name: string;
  /** As good a name, which nobody ever gave to anything. */
  readonly nobodys: string;
  /** Whatever of it must not change; looking changes nothing. */
  readonly state?: () => Promise<string>;
}

/** Sends as the owner unless told otherwise; fails when it is refused. */
type Send = (asked: Asked, as?: Caller) => Promise<Answer>;

export type Kind = 'key' | 'cursor' | 'run' | 'stream' | 'running' | 'token' | 'response';

/** No stream holds these words: it is read to its end. */
const END = '\0';

/** How the owner makes each kind of thing. */
const makers: Readonly<Record<Kind, (send: Send) => Promise<Thing>>> = {
  key: async (send) => {
    const { id, secret } = await newKey(send);
    const holder = { title: 'the holder of the key', credentials: () => bearer(secret) };
    const state = async () =>
      (await listed(send, id)) + (await send({ method: 'GET', target: '/v1/limits' }, holder)).status;
    return { ...named(id), state };
  },

  cursor: async (send) => {
    await newKey(send);
    await newKey(send);
    const { text } = await send({ method: 'GET', target: '/v1/keys?limit=1' });
    const name = valueIn('next_cursor', text);
    const position = twin(Buffer.from(name, 'base64url').toString());
    return { name, nobodys: Buffer.from(position).toString('base64url') };
  },

  run: async (send) => named(valueIn('run_id', (await drafted(send, PLANTED_WORD)).text)),

  stream: async (send) => {
    const id = streamIdOf(await drafted(send, PLANTED_WORD));
    const state = async () => (await send({ method: 'GET', target: `/v1/streams/${id}/events`, until: END })).text;
    return { ...named(id), state };
  },

  /** At work until the test is over, unless somebody stops it. */
  running: async (send) => {
    const begun = await drafted(send, HELD_WORD, 'event: resume');
    return { ...named(streamIdOf(begun)), state: () => replay(send, valueIn('token', begun.text)) };
  },

  response: async (send) => {
    const body = { model: 'gpt-5-mini', input: 'What comes first?', instructions: PLANTED_WORD };
    const name = valueIn('id', (await send({ method: 'POST', target: '/v1/responses', body })).text);
    const target = `/v1/responses/${name}`;
    return { ...named(name), state: async () => (await send({ method: 'GET', target })).text };
  },

  token: async (send) => {
    const token = valueIn('token', (await drafted(send, PLANTED_WORD)).text);
    return { ...named(token), state: () => replay(send, token) };
  },
};

export const KINDS = Object.keys(makers) as readonly Kind[];

/** Makes things of the owner's in a service. */
export class Estate {
  constructor(
    private readonly url: string,
    private readonly owner: Caller,
  ) {}

  make(kind: Kind): Promise<Thing> {
    return makers[kind](this.send);
  }

  private readonly send: Send = async (asked, as = this.owner) => {
    const answer = await exchange(this.url, asked, as);
    if (answer.status >= 400) throw new Error(`${asked.method} ${asked.target}: ${answer.status} ${answer.text}`);
    return answer;
  };
}

async function newKey(send: Send): Promise<{ readonly id: string; readonly secret: string }> {
  const body = { name: PLANTED_WORD, kind: 'api', roles: ['user'] };
  const { text } = await send({ method: 'POST', target: '/v1/keys', body });
  return { id: valueIn('id', text), secret: valueIn('secret', text) };
}

async function listed(send: Send, id: string): Promise<string> {
  const { text } = await send({ method: 'GET', target: '/v1/keys?limit=100' });
  const { data } = JSON.parse(text) as { readonly data: readonly { readonly id: string }[] };
  return JSON.stringify(data.find((key) => key.id === id));
}

function drafted(send: Send, word: string, until: string = END): Promise<Answer> {
  const brief = `Should the ${word} be sold, or leased to its own divers? The ${word} loses money every year.`;
  return send({ method: 'POST', target: '/assist/draft-graph/stream', body: { brief }, until });
}

async function replay(send: Send, token: string): Promise<string> {
  const headers = { 'x-resume-token': token, 'x-resume-mode': 'replay', 'last-event-id': '0' };
  return (await send({ method: 'POST', target: '/assist/draft-graph/resume', headers, until: END })).text;
}

const streamIdOf = ({ headers }: Answer): string => headers.get('x-stream-id') ?? '';

/** The first value under a name in JSON, wherever it stands. */
function valueIn(name: string, text: string): string {
  const value = new RegExp(`"${name}":"([^"]+)"`).exec(text)?.[1];
  if (value === undefined) throw new Error(`There is no ${name} in ${text}`);
  return value;
}

const named = (name: string): Pick<Thing, 'name' | 'nobodys'> => ({ name, nobodys: twin(name) });

/** The same text with another digit before the last: as good as the original, but nobody's. */
const twin = (text: string): string => text.replace(/.(.)$/, (tail) => (tail.startsWith('0') ? '1' : '0') + tail[1]);
