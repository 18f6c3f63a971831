import { createServer, type ServerResponse } from 'node:http';
import { setTimeout as delay } from 'node:timers/promises';

/**
 * A model that always says the same, as JSON or word by word. The last message of a question for a stream may say how:
 * `words=256 pause=1` is so many words with so many milliseconds between them.
 */

const FEW_WORDS = 16;
const HEAD = { id: 'chatcmpl-fixed', created: 1_767_323_045, model: 'fixed-1' } as const;
const USAGE = { prompt_tokens: 20, completion_tokens: 20, total_tokens: 40 } as const;
const TEXT = 'The harbour needs a second crane before the winter, says the report of the port authority.';

const completion = Buffer.from(
  JSON.stringify({
    ...HEAD,
    object: 'chat.completion',
    choices: [{ index: 0, message: { role: 'assistant', content: TEXT }, finish_reason: 'stop' }],
    usage: USAGE,
  }),
);

const chunk = (delta: object, finish: string | null): string =>
  `data: ${JSON.stringify({
    ...HEAD,
    object: 'chat.completion.chunk',
    choices: [{ index: 0, delta, finish_reason: finish }],
  })}\n\n`;

const word = chunk({ content: 'harbour ' }, null);
const last = [
  chunk({}, 'stop'),
  `data: ${JSON.stringify({ ...HEAD, object: 'chat.completion.chunk', choices: [], usage: USAGE })}\n\n`,
  'data: [DONE]\n\n',
].join('');

const wanted = (name: string, question: string): number | undefined => {
  const found = new RegExp(`${name}=(\\d+)`).exec(question)?.[1];
  return found === undefined ? undefined : Number(found);
};

async function stream(answer: ServerResponse, question: string): Promise<void> {
  const pauseMs = wanted('pause', question) ?? 0;
  answer.writeHead(200, { 'content-type': 'text/event-stream' });
  for (let left = wanted('words', question) ?? FEW_WORDS; left > 0 && !answer.closed; left -= 1) {
    answer.write(word);
    if (pauseMs > 0) await delay(pauseMs);
  }
  answer.end(last);
}

const server = createServer(async (request, answer) => {
  if (request.method === 'GET') {
    answer.writeHead(200, { 'content-type': 'text/plain' }).end('ok');
    return;
  }
  const body = JSON.parse(Buffer.concat(await request.toArray()).toString()) as {
    readonly stream?: boolean;
    readonly messages: readonly { readonly content: string }[];
  };
  if (body.stream === true) return stream(answer, body.messages.at(-1)?.content ?? '');
  answer.writeHead(200, { 'content-type': 'application/json', 'content-length': completion.length }).end(completion);
});
server.keepAliveTimeout = 600_000;
server.listen(Number(process.env['PORT']), '127.0.0.1');
process.on('SIGTERM', () => process.exit(0));
