import { AUTHORIZED } from './countersign.ts';
import type { Call } from './requests.ts';
import type { Server } from './server.ts';

/** A question to a chat model, in OpenAI's words. */
const question = (content: string, stream: boolean): string =>
  JSON.stringify({ model: 'fixed-1', stream, messages: [{ role: 'user', content }] });

interface ChatRoute {
  readonly path: string;
  readonly headers: Readonly<Record<string, string>>;
}

const JSON_BODY = { 'content-type': 'application/json' } as const;

/** How each server is asked: the service, the model behind it, Portkey in front of the same model. */
export const routes = {
  own: { path: '/v1/chat/completions', headers: { ...JSON_BODY, ...AUTHORIZED } },
  model: { path: '/chat/completions', headers: JSON_BODY },
  portkey: (model: Server): ChatRoute => ({
    path: '/v1/chat/completions',
    headers: {
      ...JSON_BODY,
      authorization: 'Bearer none',
      'x-portkey-provider': 'openai',
      'x-portkey-custom-host': `http://127.0.0.1:${model.port}`,
    },
  }),
};

export const chatCall = ({ path, headers }: ChatRoute, content: string, stream = false): Call => ({
  method: 'POST',
  path,
  headers,
  body: question(content, stream),
});
