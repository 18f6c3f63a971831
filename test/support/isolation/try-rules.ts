import { type Attack, type Breaches, together } from './attack.ts';
import { type Caller, ROLES } from './callers.ts';
import type { Asked } from './exchange.ts';
import type { Guarded } from './places.ts';
import { recipes } from './recipes.ts';
import { requestOf } from './requests.ts';

interface Visit {
  readonly caller: Caller;
  /** `undefined`: anything but a failure. */
  readonly status?: number;
}

/** What anybody may read and the document does not name. */
const UNLISTED = ['/metrics', '/documentation', '/documentation/json', '/documentation/yaml'];

/** Every operation as everybody: who may not call it is refused, and nobody is told anything of the owner's. */
export const tryRules = (attack: Attack): Promise<Breaches> =>
  together([
    ...attack.operations.flatMap((operation) => {
      const recipe = recipes[operation.name] ?? { open: 'A gap, and reported as one' };
      const visits = 'open' in recipe ? openVisits(attack) : guardedVisits(attack, recipe);
      return visits.map((visit) => () => tryVisit(attack, operation.name, requestOf(operation, recipe), visit));
    }),
    ...UNLISTED.flatMap((target) =>
      openVisits(attack).map((visit) => () => tryVisit(attack, `GET ${target}`, { method: 'GET', target }, visit)),
    ),
  ]);

async function tryVisit(attack: Attack, name: string, asked: Asked, { caller, status }: Visit): Promise<Breaches> {
  const answer = await attack.send(asked, caller);
  const wrong = status === undefined ? answer.status >= 500 : answer.status !== status;
  const found = [...(wrong ? [`${answer.status}`] : []), ...attack.told(answer)];
  return found.map((what) => `${name}, ${caller.title}: ${what}`);
}

const openVisits = ({ callers }: Attack): readonly Visit[] =>
  [...callers.foreign, ...callers.strangers].map((caller) => ({ caller }));

function guardedVisits({ callers }: Attack, { may, of }: Guarded['recipe']): readonly Visit[] {
  const lacking = ROLES.filter((role) => !may.includes(role));
  const sharing = of === 'tenant' ? [] : may;
  return [
    ...callers.strangers.map((caller) => ({ caller, status: 401 })),
    ...callers.foreign.map((caller) => ({ caller })),
    ...lacking.map((role) => ({ caller: callers.colleagues[role], status: 403 })),
    ...sharing.map((role) => ({ caller: callers.colleagues[role] })),
  ];
}
