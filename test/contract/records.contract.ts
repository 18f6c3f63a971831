import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import type { Held, Records } from '#src/idempotency/records.port.js';

/** A store of records and its time. */
export interface RecordsSubject {
  readonly records: Records;
  /** Lets so much time pass. */
  readonly pass: (ms: number) => Promise<void>;
  readonly leaseMs: number;
}

export type RecordsCheck = (subject: RecordsSubject) => Promise<void>;

const fresh = (tenantId = 'acme'): Held => ({
  name: { tenantId, id: randomUUID(), fingerprint: 'f'.repeat(64) },
  holder: randomUUID(),
});
const another = ({ name }: Held): Held => ({ name, holder: randomUUID() });
const answer = Buffer.from('an answer');

const stateOf = async (records: Records, held: Held): Promise<string> => (await records.claim(held)).state;

/** Every promise of the `Records` port, by its sentence. */
export const recordsContract: Readonly<Record<string, RecordsCheck>> = {
  'gives a name to exactly one of many racing callers': async ({ records }) => {
    const first = fresh();
    const claims = await Promise.all(Array.from({ length: 20 }, () => stateOf(records, another(first))));
    assert.deepEqual(claims.sort(), ['mine', ...Array.from({ length: 19 }, () => 'running')]);
  },

  'gives back what was kept, to everybody who asks': async ({ records }) => {
    const held = fresh();
    await records.claim(held);
    await records.keep(held, answer);
    for (let times = 0; times < 2; times++) {
      const found = await records.claim(another(held));
      assert.equal(found.state, 'stored');
      if (found.state !== 'stored') return;
      assert.deepEqual([Buffer.from(found.answer), found.holder], [answer, held.holder]);
    }
  },

  'forgets a name that was freed': async ({ records }) => {
    const held = fresh();
    await records.claim(held);
    await records.free(held);
    assert.equal(await stateOf(records, another(held)), 'mine');
  },

  'forgets an answer that was freed': async ({ records }) => {
    const held = fresh();
    await records.claim(held);
    await records.keep(held, answer);
    await records.free(held);
    assert.equal(await stateOf(records, another(held)), 'mine');
  },

  'lets nobody free or keep what somebody else holds': async ({ records }) => {
    const held = fresh();
    await records.claim(held);
    await records.free(another(held));
    await records.keep(another(held), answer);
    assert.equal(await stateOf(records, another(held)), 'running');
  },

  'keeps the first answer': async ({ records }) => {
    const held = fresh();
    await records.claim(held);
    await records.keep(held, answer);
    await records.keep(held, Buffer.from('another answer'));
    const found = await records.claim(another(held));
    assert.deepEqual(found.state === 'stored' && Buffer.from(found.answer), answer);
  },

  'gives the name of a holder that is silent for the lease to exactly one other': async ({
    records,
    pass,
    leaseMs,
  }) => {
    const held = fresh();
    await records.claim(held);
    await pass(leaseMs);
    const claims = await Promise.all(Array.from({ length: 5 }, () => stateOf(records, another(held))));
    assert.deepEqual(claims.sort(), ['mine', 'running', 'running', 'running', 'running']);
  },

  'lets a holder that was replaced change nothing any more': async ({ records, pass, leaseMs }) => {
    const held = fresh();
    await records.claim(held);
    await pass(leaseMs);
    await records.claim(another(held));
    await records.keep(held, answer);
    await records.renew([held]);
    await records.free(held);
    assert.equal(await stateOf(records, another(held)), 'running');
  },

  'believes a holder that renews for as long as it does': async ({ records, pass, leaseMs }) => {
    const [held, silent] = [fresh(), fresh()];
    await Promise.all([records.claim(held), records.claim(silent)]);
    for (let times = 0; times < 4; times++) {
      await pass(leaseMs / 2);
      await records.renew([held]);
    }
    assert.deepEqual(
      [await stateOf(records, another(held)), await stateOf(records, another(silent))],
      ['running', 'mine'],
    );
  },

  'keeps names of many tenants apart and renews them together': async ({ records, pass, leaseMs }) => {
    const held = ['acme', 'globex', 'initech'].map(fresh);
    await Promise.all(held.map((each) => records.claim(each)));
    await pass(leaseMs / 2);
    await records.renew(held);
    await pass(leaseMs / 2);
    assert.deepEqual(await Promise.all(held.map((each) => stateOf(records, another(each)))), [
      'running',
      'running',
      'running',
    ]);
  },

  'keeps each of many answers that are made at the same time under its own name': async ({ records }) => {
    const all = Array.from({ length: 40 }, (_, at) => fresh(at % 4 === 0 ? 'globex' : 'acme'));
    assert.deepEqual(new Set(await Promise.all(all.map((held) => stateOf(records, held)))), new Set(['mine']));
    await Promise.all(all.map((held) => records.keep(held, Buffer.from(held.name.id))));
    for (const held of all) {
      const found = await records.claim(another(held));
      assert.equal(found.state === 'stored' && Buffer.from(found.answer).toString(), held.name.id);
    }
  },

  'keeps and frees what somebody holds while others try to, all at the same time': async ({ records }) => {
    const [kept, freed] = [Array.from({ length: 10 }, () => fresh()), Array.from({ length: 10 }, () => fresh())];
    await Promise.all([...kept, ...freed].map((held) => records.claim(held)));
    await Promise.all([
      ...kept.flatMap((held) => [records.keep(another(held), Buffer.from('false')), records.keep(held, answer)]),
      ...freed.flatMap((held) => [records.keep(another(held), Buffer.from('false')), records.free(held)]),
    ]);
    for (const held of kept) {
      const found = await records.claim(another(held));
      assert.deepEqual(found.state === 'stored' && Buffer.from(found.answer), answer);
    }
    for (const held of freed) assert.equal(await stateOf(records, another(held)), 'mine');
  },

  'gives large answers back whole': async ({ records }) => {
    const held = fresh();
    const large = Buffer.alloc(records.maxBodyBytes + 1_024, 'x');
    await records.claim(held);
    await records.keep(held, large);
    const found = await records.claim(another(held));
    assert.ok(found.state === 'stored' && large.equals(found.answer));
  },
};
