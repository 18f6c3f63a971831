import { type Attack, type Breaches, together } from './attack.ts';
import { type Caller, ROLES } from './callers.ts';
import { KINDS, type Kind } from './estate.ts';
import { type Slot, slotsOf } from './places.ts';
import { namesAround, requestOf } from './requests.ts';

interface Outsider {
  readonly caller: Caller;
  /** Statuses by which it may be refused. */
  readonly refusals: readonly number[];
}

/** How a name is refused that is somebody else's, or nobody's. */
const REFUSALS: Readonly<Record<string, readonly number[]>> = {
  path: [404],
  query: [400, 404],
  header: [401],
  body: [400, 404],
};

/** Every name of the owner's in every place, as everybody who has no right to it; each beside a name that is nobody's. */
export const tryNames = (attack: Attack): Promise<Breaches> =>
  together(
    slotsOf(attack.guarded).flatMap((slot) =>
      outsiders(attack, slot).flatMap((outsider) => KINDS.map((kind) => () => tryName(attack, slot, kind, outsider))),
    ),
  );

function outsiders({ callers }: Attack, { recipe: { may, of }, place }: Slot): readonly Outsider[] {
  const refusals = REFUSALS[place.split(' ')[0] ?? ''] ?? [];
  return [
    ...callers.strangers.map((caller) => ({ caller, refusals: [401] })),
    ...callers.foreign.map((caller) => ({ caller, refusals })),
    ...ROLES.filter((role) => !may.includes(role)).map((role) => ({
      caller: callers.colleagues[role],
      refusals: [403],
    })),
    ...(of === 'tenant' ? [] : may.map((role) => ({ caller: callers.colleagues[role], refusals }))),
  ];
}

async function tryName(attack: Attack, slot: Slot, kind: Kind, { caller, refusals }: Outsider): Promise<Breaches> {
  const { operation, recipe, place } = slot;
  const { name = '', nobodys = '' } = attack.things.get(kind) ?? {};
  const ask = (tried: string) =>
    attack.send(requestOf(operation, recipe, namesAround(attack, slot, place, tried)), caller);
  const answer = await ask(name);
  const control = await ask(nobodys);
  return [
    ...(refusals.includes(answer.status) ? [] : [`${answer.status}`]),
    ...(answer.essence === control.essence ? [] : [`${answer.essence}, but for nobody's ${control.essence}`]),
    ...attack.told(answer),
  ].map((what) => `${operation.name}, a ${kind} in ${place}, ${caller.title}: ${what}`);
}
