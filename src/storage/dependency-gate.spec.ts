import { describe, expect, it } from '@jest/globals';
import { AppError, Degradation } from '#src/kernel/index.js';
import { FakeClock } from '../../test/support/fake-clock.ts';
import { QuietLog } from '../../test/support/quiet-log.ts';
import { DependencyGate, Outage } from './dependency-gate.js';

class Store {
  up = true;
  calls = 0;

  readonly call = async (): Promise<string> => {
    this.calls += 1;
    if (!this.up) throw new Outage('store', new Error('refused'));
    return 'answer';
  };
}

function gated() {
  const store = new Store();
  const clock = new FakeClock();
  const degradation = new Degradation();
  const parts = { degradation, clock, log: new QuietLog() };
  const gate = new DependencyGate({ dependency: 'redis', label: 'Redis', probe: store.call }, parts);
  return { store, clock, degradation, gate };
}

async function fail(gate: DependencyGate, call: () => Promise<unknown>, times: number): Promise<void> {
  for (let time = 0; time < times; time++) await gate.run(call).catch(() => undefined);
}

describe('the gate before a store', () => {
  it('lets calls through and passes their results and errors on', async () => {
    const { gate, store } = gated();
    expect(await gate.run(store.call)).toBe('answer');
    const own = new Error('own');
    await expect(gate.run(() => Promise.reject(own))).rejects.toBe(own);
  });

  it('tells callers of an outage by code, with a time to come back and no internals', async () => {
    const { gate, store } = gated();
    store.up = false;
    const error = await gate.run(store.call).catch((caught: unknown) => caught);
    expect(error).toBeInstanceOf(AppError);
    expect(error).toMatchObject({
      code: 'DEPENDENCY_UNAVAILABLE',
      message: 'Redis is not available',
      retryAfterMs: 1_000,
    });
  });

  it('closes after three outages in a row: the store is asked no more', async () => {
    const { gate, store, degradation } = gated();
    store.up = false;
    await fail(gate, store.call, 3);
    expect(degradation.header).toBe('redis');
    await fail(gate, store.call, 10);
    expect(store.calls).toBe(3);
  });

  it('stays open when outages are not in a row', async () => {
    const { gate, store, degradation } = gated();
    for (let round = 0; round < 5; round++) {
      store.up = false;
      await fail(gate, store.call, 2);
      store.up = true;
      await gate.run(store.call);
    }
    expect(degradation.header).toBe('');
  });

  it('stays open for errors of the work and for calls that took too long by themselves', async () => {
    const { gate, degradation } = gated();
    await fail(gate, () => Promise.reject(new Error('own')), 10);
    await fail(gate, () => Promise.reject(new Outage('call', new Error('slow'))), 10);
    expect(degradation.header).toBe('');
  });

  it('asks the store once a second and opens again when it answers, without a caller', async () => {
    const { gate, store, clock, degradation } = gated();
    store.up = false;
    await fail(gate, store.call, 3);
    await clock.advance(3_000);
    expect(store.calls).toBe(6);
    expect(degradation.header).toBe('redis');
    store.up = true;
    await clock.advance(1_000);
    expect(degradation.header).toBe('');
    expect(await gate.run(store.call)).toBe('answer');
    const asked = store.calls;
    await clock.advance(10_000);
    expect(store.calls).toBe(asked);
  });

  it('asks one question at a time, however slow the store is', async () => {
    const clock = new FakeClock();
    const slow = Promise.withResolvers<never>();
    let asked = 0;
    const patient = new DependencyGate(
      {
        dependency: 'sql',
        label: 'The database',
        probe: () => {
          asked += 1;
          return slow.promise;
        },
      },
      { degradation: new Degradation(), clock, log: new QuietLog() },
    );
    await fail(patient, () => Promise.reject(new Outage('store', new Error('gone'))), 3);
    await clock.advance(5_000);
    expect(asked).toBe(1);
    slow.reject(new Outage('store', new Error('gone')));
    await clock.advance(2_000);
    expect(asked).toBe(2);
  });

  it('settles at the start: open with a store that answers, closed with one that does not', async () => {
    const there = gated();
    await there.gate.settle();
    expect(there.degradation.header).toBe('');
    const gone = gated();
    gone.store.up = false;
    await gone.gate.settle();
    expect(gone.degradation.header).toBe('redis');
  });

  it('asks no more once it was shut down', async () => {
    const { gate, store, clock } = gated();
    store.up = false;
    await fail(gate, store.call, 3);
    gate.close();
    await clock.advance(5_000);
    expect(store.calls).toBe(3);
  });
});
