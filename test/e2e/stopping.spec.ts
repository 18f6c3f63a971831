import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { bearer } from '../support/app.ts';
import { expectProblem } from '../support/edge-headers.ts';
import { type Script, ScriptedUpstream } from '../support/scripted-upstream.ts';
import { answering, silent } from '../support/scripted-upstream-scripts.ts';
import { type ServiceProcess, startService } from '../support/service-process.ts';
import { until } from '../support/until.ts';

const KEY = 'stopping-key-0123456789abcdefghijklmnopq';
const BRIEF = 'Should the lighthouse keep its lamp, or be lit by electric light from the shore?';

let upstream: ScriptedUpstream | undefined;
let service: ServiceProcess | undefined;
beforeEach(() => {
  upstream = undefined;
  service = undefined;
});
afterEach(async () => {
  await service?.[Symbol.asyncDispose]();
  await upstream?.close();
});

const routes = {
  'a draft': { path: '/assist/draft-graph', body: { brief: BRIEF } },
  'a chat completion': {
    path: '/v1/chat/completions',
    body: { model: 'gpt-5-mini', messages: [{ role: 'user', content: BRIEF }] },
  },
};

const envOf = ({ url }: ScriptedUpstream) => ({
  ASSIST_API_KEYS: `${KEY}@acme:user`,
  MODEL_PROVIDERS: 'openai',
  OPENAI_BASE_URL: url,
  OPENAI_API_KEY: 'upstream-key',
  OPENAI_MODEL: 'gpt-5-mini',
  SHUTDOWN_TIMEOUT: '3000',
});

const receivedOf = async (answer: Response) => ({
  status: answer.status,
  headers: Object.fromEntries(answer.headers),
  body: await answer.text(),
});

/** Told to stop while a call of its waits for the model. */
async function stoppedAt(script: Script, { path, body }: (typeof routes)['a draft' | 'a chat completion']) {
  upstream = await ScriptedUpstream.start([script], 0);
  service = await startService({ env: envOf(upstream) });
  const headers = { ...bearer(KEY), 'content-type': 'application/json' };
  const asked = fetch(service.url + path, { method: 'POST', headers, body: JSON.stringify(body) });
  await upstream.received(1);
  const [response, code] = await Promise.all([asked, service.stop('SIGTERM')]);
  const { code: problem } = (await response.json()) as { readonly code?: string };
  const completed = service
    .output()
    .split('\n')
    .filter((line) => line.includes('"request.completed"') || line.includes('"request.failed"'));
  return { response, problem, code, completed };
}

describe('a service that is told to stop while a JSON call is under way', () => {
  it.each(Object.entries(routes))(
    'tells the caller of %s that is not ready in time to come back',
    async (_title, route) => {
      const { response, problem, code, completed } = await stoppedAt(silent, route);
      expect([response.status, problem, response.headers.get('retry-after')]).toEqual([503, 'NOT_READY', '1']);
      expect(code).toBe(0);
      expect(completed).toHaveLength(1);
    },
  );

  it('refuses whoever comes meanwhile, in the words of any other refusal', async () => {
    upstream = await ScriptedUpstream.start([silent], 0);
    service = await startService({ env: envOf(upstream) });
    const { url, output } = service;
    const { path, body } = routes['a chat completion'];
    const headers = { ...bearer(KEY), 'content-type': 'application/json' };
    const waiting = fetch(url + path, { method: 'POST', headers, body: JSON.stringify(body) });
    await upstream.received(1);
    const stopped = service.stop('SIGTERM');
    await until('it is stopping', () => output().includes('"service.stopping"'));
    const statuses = new Set<number>();
    await until('nobody is let in', async () => {
      const answer = await fetch(`${url}/v1/limits`, { headers }).catch(() => undefined);
      if (answer === undefined) return true;
      statuses.add(answer.status);
      expectProblem(await receivedOf(answer), 503, 'NOT_READY');
      return false;
    });
    expect([...statuses]).toEqual([503]);
    await waiting;
    expect(await stopped).toBe(0);
  });

  it('sends the answer that is ready in time', async () => {
    const { response, code } = await stoppedAt(
      answering('Electric light', { paceMs: 400 }),
      routes['a chat completion'],
    );
    expect([response.status, code]).toEqual([200, 0]);
  });
});
