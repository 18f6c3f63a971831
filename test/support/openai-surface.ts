import OpenAI from 'openai';
import { keys, startApp, type TestApp } from './app.ts';
import { type Script, ScriptedUpstream } from './scripted-upstream.ts';
import { answering, calling, standard } from './scripted-upstream-scripts.ts';

/** The words of the scripted model, and what it answers where a form is asked for. */
export const WORDS = 'Tea first, then the decision. ☕ Řeka teče.';
export const FORMED = { city: 'Kent', sails: 4 };
export const CALL = { id: 'call_1', name: 'weather', arguments: '{"city":"Kent"}' };
export const TEXT_MODEL = 'gpt-5-mini';
export const EMBEDDING_MODEL = 'text-embedding-3-small';

/** A conversation in which only the answer matters. */
export const ASKED = { model: TEXT_MODEL, messages: [{ role: 'user' as const, content: 'Say it' }] };

/** A model that calls a tool when it is given one, fills a form when asked for one, and talks otherwise. */
export const capable: Script = standard({
  words: answering(WORDS, { charactersPerChunk: 5 }),
  structured: answering(JSON.stringify(FORMED), {}),
  tools: calling([CALL], {}),
});

/** A service that listens, with the embedded model and a scripted one behind it. */
export interface Surface {
  readonly server: TestApp;
  readonly upstream: ScriptedUpstream;
  /** What a client calls its base URL. */
  readonly baseURL: string;
  readonly apiKey: string;
  [Symbol.asyncDispose](): Promise<void>;
}

export async function startSurface(
  script: Script = capable,
  env: Readonly<Record<string, string>> = {},
): Promise<Surface> {
  const upstream = await ScriptedUpstream.start([script], 0);
  const models = { MODEL_PROVIDERS: 'embedded,openai', OPENAI_BASE_URL: upstream.url, OPENAI_API_KEY: 'upstream-key' };
  const server = await startApp({ env: { ...models, ...env } });
  const url = await server.listen();
  return {
    server,
    upstream,
    baseURL: `${url}/v1`,
    apiKey: keys.user,
    [Symbol.asyncDispose]: async () => {
      await server[Symbol.asyncDispose]();
      await upstream.close();
    },
  };
}

/** A surface with one model that plays the script it is given last, and the official client with its default retries. */
export interface PlayedSurface extends Surface {
  readonly client: OpenAI;
  play(script: Script): void;
}

export async function startPlayedSurface(): Promise<PlayedSurface> {
  let script = capable;
  const surface = await startSurface((request, response) => script(request, response), { MODEL_PROVIDERS: 'openai' });
  const client = new OpenAI({ baseURL: surface.baseURL, apiKey: surface.apiKey });
  const play = (next: Script): void => {
    script = next;
  };
  return { ...surface, client, play };
}

/** The error a call ends in. */
export const failure = (call: Promise<unknown>): Promise<unknown> =>
  call.then(
    () => undefined,
    (error: unknown) => error,
  );
