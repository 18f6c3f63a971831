import { randomUUID } from 'node:crypto';
import { type Attack, type Breaches, together } from './attack.ts';
import type { Caller } from './callers.ts';
import type { Answer, Asked } from './exchange.ts';
import type { Guarded } from './places.ts';
import { ownRequest } from './requests.ts';

type Sent = Readonly<Record<string, string>>;

/** Ids and secrets, in whatever answer. */
const NAMES = /\b(?:[a-z]+_[0-9A-Za-z-]{20,}|cs_\w+)/g;

/** A request of the owner's sent again as somebody else: under the owner's key, and as a retry without one. */
export const tryRepeats = (attack: Attack): Promise<Breaches> =>
  together(
    attack.guarded
      .filter(({ operation }) => operation.parameters.some(({ name }) => name.toLowerCase() === 'idempotency-key'))
      .map((guarded) => async () => {
        const found = [...(await tryKey(attack, guarded)), ...(await tryRetry(attack, guarded))];
        return found.map((what) => `${guarded.operation.name} again, ${what}`);
      }),
  );

/** Beside the same under a key that nobody used, because the key must make no difference. */
async function tryKey(attack: Attack, guarded: Guarded): Promise<Breaches> {
  const asked = await ownRequest(attack, guarded);
  const taken = { 'idempotency-key': randomUUID() };
  const owners = namesIn(await attack.send(withHeaders(asked, taken), attack.callers.owner));
  return together(
    repeaters(attack, guarded).map((caller) => async () => {
      const answer = await attack.send(withHeaders(asked, taken), caller);
      const control = await attack.send(withHeaders(asked, { 'idempotency-key': randomUUID() }), caller);
      const swayed =
        answer.status === control.status ? [] : [`${answer.status}, but ${control.status} under a new key`];
      return [...swayed, ...borrowed(attack, answer, owners)].map((what) => `with the key, ${caller.title}: ${what}`);
    }),
  );
}

async function tryRetry(attack: Attack, guarded: Guarded): Promise<Breaches> {
  const own = await ownRequest(attack, guarded);
  // Nobody must have sent the same before: a retry joins its sender's own first attempt.
  const asked = { ...own, target: `${own.target}?once=${randomUUID()}` };
  const first = withHeaders(asked, { 'x-stainless-retry-count': '0' });
  const owners = namesIn(await attack.send(first, attack.callers.owner));
  return together(
    repeaters(attack, guarded).map((caller) => async () => {
      const answer = await attack.send(withHeaders(asked, { 'x-stainless-retry-count': '1' }), caller);
      return borrowed(attack, answer, owners).map((what) => `as a retry, ${caller.title}: ${what}`);
    }),
  );
}

/** Everybody else who may send it, without a right to what the owner's answer names. */
function repeaters({ callers }: Attack, { recipe: { may, of } }: Guarded): readonly Caller[] {
  return [...callers.foreign, ...(of === 'tenant' ? [] : may.map((role) => callers.colleagues[role]))];
}

const withHeaders = (asked: Asked, headers: Sent): Asked => ({ ...asked, headers: { ...asked.headers, ...headers } });

const namesIn = ({ text, headers }: Answer): readonly string[] => [
  ...new Set((text + [...headers.values()].join('\n')).match(NAMES)),
];

const borrowed = (attack: Attack, answer: Answer, owners: readonly string[]): Breaches => [
  ...(answer.headers.has('idempotent-replayed') ? ['an answer of somebody else'] : []),
  ...attack.told(answer, owners),
];
