import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { startApp, type TestApp } from '../support/app.ts';
import { FakeClock } from '../support/fake-clock.ts';
import { HeldModel } from '../support/held-model.ts';
import { briefOf, codeOf, joined, over, replayed, runsOf, send } from '../support/repeats.ts';
import { ScriptedUpstream } from '../support/scripted-upstream.ts';
import { failing } from '../support/scripted-upstream-scripts.ts';
import { settled } from '../support/token-quota.ts';
import { until } from '../support/until.ts';

const DRAFT = '/assist/draft-graph';
/** Requests whose caller went away. */
const gone = (server: TestApp): number => server.logged().filter(({ http_status }) => http_status === 499).length;

const count = (attempt: number) => ({ 'x-stainless-retry-count': String(attempt) });

describe('a client library that retries by itself, without a key', () => {
  const model = new HeldModel();
  let upstream: ScriptedUpstream;
  let server: TestApp;
  let url: string;
  beforeAll(async () => {
    upstream = await ScriptedUpstream.start([model.script], 0);
    const env = { MODEL_PROVIDERS: 'openai', OPENAI_BASE_URL: upstream.url, OPENAI_API_KEY: 'test' };
    server = await startApp({ env: { ...env, RATE_LIMIT_RPM: '100000' } });
    url = await server.listen();
  }, 60_000);
  afterAll(async () => {
    model.letGo();
    await server[Symbol.asyncDispose]();
    await upstream.close();
  });

  /** Sends a request and hangs up once the model was asked. */
  async function cut(body: string, headers: Record<string, string>): Promise<void> {
    model.hold();
    const asked = upstream.requests.length;
    const timeout = new AbortController();
    const answer = send(url + DRAFT, body, headers, timeout.signal);
    await upstream.received(asked + 1);
    timeout.abort();
    await expect(answer).rejects.toThrow();
  }

  it('gets the answer of the first attempt: one model call, one run', async () => {
    const [body, calls, runs] = [briefOf('first'), upstream.requests.length, await runsOf(server)];
    await cut(body, count(0));
    const retry = send(url + DRAFT, body, count(1));
    await joined(server, DRAFT, body);
    model.letGo();
    const answer = await retry;
    expect([answer.status, replayed(answer)]).toEqual([200, true]);
    expect([upstream.requests.length - calls, (await runsOf(server)) - runs]).toEqual([1, 1]);
  });

  it('gets it also when the first attempt had ended before the retry came, and for each further retry', async () => {
    const [body, calls, runs] = [briefOf('late'), upstream.requests.length, await runsOf(server)];
    const completed = await runsOf(server, 'completed');
    await cut(body, count(0));
    model.letGo();
    await until('the run ends', async () => (await runsOf(server, 'completed')) > completed);
    const [one, other] = [await send(url + DRAFT, body, count(1)), await send(url + DRAFT, body, count(2))];
    expect([one.status, replayed(one), replayed(other), other.text]).toEqual([200, true, true, one.text]);
    expect([upstream.requests.length - calls, (await runsOf(server)) - runs]).toEqual([1, 1]);
  });

  it('gets it also when the answer was sent and lost on the way', async () => {
    const body = briefOf('lost');
    const calls = upstream.requests.length;
    const [first, retry] = [await send(url + DRAFT, body, count(0)), await send(url + DRAFT, body, count(1))];
    expect([replayed(retry), retry.text, upstream.requests.length - calls]).toEqual([true, first.text, 1]);
  });

  it('joins a first attempt whose connection still stands', async () => {
    const [body, calls] = [briefOf('standing'), upstream.requests.length];
    model.hold();
    const first = send(url + DRAFT, body, {});
    await upstream.received(calls + 1);
    const retry = send(url + DRAFT, body, count(1));
    await joined(server, DRAFT, body);
    model.letGo();
    const [one, other] = [await first, await retry];
    expect([one.status, replayed(one), other.text, replayed(other)]).toEqual([200, false, one.text, true]);
    expect(upstream.requests.length - calls).toBe(1);
  });

  it('that was cut twice still runs once', async () => {
    const body = briefOf('twice');
    const calls = upstream.requests.length;
    await cut(body, count(0));
    const timeout = new AbortController();
    const second = send(url + DRAFT, body, count(1), timeout.signal);
    await joined(server, DRAFT, body);
    timeout.abort();
    await expect(second).rejects.toThrow();
    const third = send(url + DRAFT, body, count(2));
    model.letGo();
    expect([replayed(await third), upstream.requests.length - calls]).toEqual([true, 1]);
  });

  it('and calls twice on purpose has two runs, at once or one after the other', async () => {
    const [body, runs] = [briefOf('purpose'), await runsOf(server)];
    const both = await Promise.all([send(url + DRAFT, body, count(0)), send(url + DRAFT, body, count(0))]);
    const third = await send(url + DRAFT, body, count(0));
    const plain = await send(url + DRAFT, body, {});
    expect([...both, third, plain].map(replayed)).toEqual([false, false, false, false]);
    expect((await runsOf(server)) - runs).toBe(4);
  });

  it('whose first attempt nobody knows is itself the first', async () => {
    const [body, calls] = [briefOf('unknown'), upstream.requests.length];
    const [one, other] = [await send(url + DRAFT, body, count(1)), await send(url + DRAFT, body, count(2))];
    expect([replayed(one), replayed(other), upstream.requests.length - calls]).toEqual([false, true, 1]);
  });

  it('gets nothing of another request', async () => {
    await send(url + DRAFT, briefOf('mine'), count(0));
    expect(replayed(await send(url + DRAFT, briefOf('yours'), count(1)))).toBe(false);
  });

  describe('that leaves', () => {
    const clock = new FakeClock();
    let other: TestApp;
    let address: string;
    beforeAll(async () => {
      const env = { MODEL_PROVIDERS: 'openai', OPENAI_BASE_URL: upstream.url, OPENAI_API_KEY: 'test' };
      other = await startApp({ env, clock });
      address = await other.listen();
    }, 60_000);
    afterAll(() => other[Symbol.asyncDispose]());

    /** Hangs up once the model was asked, or the attempt before it was joined. */
    async function leave(what: string, headers: Record<string, string>, joined: () => Promise<unknown>): Promise<void> {
      const caller = new AbortController();
      const left = gone(other);
      const answer = send(address + DRAFT, briefOf(what), headers, caller.signal);
      await joined();
      caller.abort();
      await expect(answer).rejects.toThrow();
      await until('the caller is missed', () => gone(other) > left);
    }

    /** Hangs up once the model was asked. */
    async function leaveModel(what: string, headers: Record<string, string>) {
      model.hold();
      const asked = upstream.requests.length;
      await leave(what, headers, () => upstream.received(asked + 1));
      return upstream.received(asked + 1);
    }

    it('and does not count its attempts has the model stopped at once: it would not be known again', async () => {
      const before = await settled(other);
      const call = await leaveModel('silent', {});
      await call.over;
      expect(call.closedByClientAt).toBeDefined();
      expect(await settled(other)).toBeGreaterThan(before);
    });

    it.each([
      ['a first attempt', count(0)],
      ['a retry', count(1)],
    ])('in %s is waited for as long as it may pause, and then the model is stopped', async (how, headers) => {
      const before = await settled(other);
      const call = await leaveModel(how, headers);
      await clock.advance(9_000);
      expect(call.closedByClientAt).toBeUndefined();
      await clock.advance(1_000);
      await call.over;
      expect(call.closedByClientAt).toBeDefined();
      expect(await settled(other)).toBeGreaterThan(before);
    });

    it.each([
      ['a first attempt', 0, 750],
      ['a retry', 1, 1_250],
    ])(
      'in %s before its own time is over is waited for as long as a broken line takes',
      async (how, attempt, waitMs) => {
        const call = await leaveModel(`early in ${how}`, { ...count(attempt), 'x-stainless-timeout': '600' });
        await clock.advance(waitMs - 1);
        expect(call.closedByClientAt).toBeUndefined();
        await clock.advance(1);
        await call.over;
        expect(call.closedByClientAt).toBeDefined();
      },
    );

    it('in a first attempt and then in its retry has the model stopped too', async () => {
      const call = await leaveModel('both', count(0));
      await leave('both', count(1), () => joined(other, DRAFT, briefOf('both')));
      await clock.advance(10_000);
      expect(call.closedByClientAt).toBeUndefined();
      await clock.advance(10_000);
      await call.over;
      expect(call.closedByClientAt).toBeDefined();
    });

    it('with its answer is not taken for the one that retries another call later', async () => {
      model.letGo();
      const ask = async (attempt: number) => {
        const answer = await send(address + DRAFT, briefOf('delivered'), count(attempt));
        await over(other, answer);
        return answer;
      };
      const [first, again] = [await ask(0), await ask(1)];
      expect([replayed(first), replayed(again)]).toEqual([false, true]);
      await clock.advance(6_000);
      expect(replayed(await ask(1))).toBe(false);
      await clock.advance(6_000);
      expect(replayed(await ask(1))).toBe(false);
    });

    it('and comes back is waited for as long as the model takes', async () => {
      const call = await leaveModel('patient', count(0));
      const retry = send(address + DRAFT, briefOf('patient'), count(1));
      await joined(other, DRAFT, briefOf('patient'));
      await clock.advance(45_000);
      expect(call.closedByClientAt).toBeUndefined();
      model.letGo();
      expect(replayed(await retry)).toBe(true);
    });
  });

  it('runs again when the first attempt failed', async () => {
    const broken = await ScriptedUpstream.start([failing(400, {}), model.script], 0);
    const env = { MODEL_PROVIDERS: 'openai', OPENAI_BASE_URL: broken.url, OPENAI_API_KEY: 'test' };
    await using other = await startApp({ env });
    const address = await other.listen();
    const first = await send(address + DRAFT, briefOf('fails'), count(0));
    const retry = await send(address + DRAFT, briefOf('fails'), count(1));
    await broken.close();
    expect([first.status, codeOf(first)]).toEqual([502, 'UPSTREAM_FAILED']);
    expect([retry.status, replayed(retry)]).toEqual([200, false]);
  });
});
