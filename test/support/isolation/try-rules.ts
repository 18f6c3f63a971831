import { type Attack, type Breaches, together } from './attack.ts';
import { type Caller, ROLES } from './callers.ts';
import type { Asked } from './exchange.ts';
import type { Guarded } from './places.ts';
import { recipes } from './recipes.ts';
import { requestOf } from './requests.ts';

interface Visit {
  readonly caller: Caller;
  /** How it is refused; `undefined`: it is let in, whatever it finds there. */
  readonly refusal?: 401 | 403;
  /** What it finds is as much its own as the owner's. */
  readonly entitled?: true;
}

const REFUSALS = [401, 403];

/** What anybody may read and the document does not name. */
const UNLISTED = ['/metrics', '/documentation', '/documentation/json', '/documentation/yaml'];

/** Every operation as everybody: who may call it is let in, who may not is refused, and nobody is told anything of the owner's. */
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

async function tryVisit(attack: Attack, name: string, asked: Asked, visit: Visit): Promise<Breaches> {
  const { caller, refusal, entitled } = visit;
  const answer = await attack.send(asked, caller);
  const { status } = answer;
  const right = refusal === undefined ? status < 500 && !REFUSALS.includes(status) : status === refusal;
  const told = entitled ? [] : attack.told(answer);
  return [...(right ? [] : [`${status}`]), ...told].map((what) => `${name}, ${caller.title}: ${what}`);
}

const openVisits = ({ callers }: Attack): readonly Visit[] =>
  [...callers.foreign, ...callers.strangers].map((caller) => ({ caller }));

function guardedVisits({ callers }: Attack, { may, of }: Guarded['recipe']): readonly Visit[] {
  const lacking = ROLES.filter((role) => !may.includes(role));
  const letIn = may.map((role) => ({ caller: callers.colleagues[role] }));
  return [
    ...callers.strangers.map((caller) => ({ caller, refusal: 401 }) as const),
    ...callers.foreign.map((caller) => ({ caller })),
    ...lacking.map((role) => ({ caller: callers.colleagues[role], refusal: 403 }) as const),
    ...(of === 'tenant' ? letIn.map(({ caller }) => ({ caller, entitled: true }) as const) : letIn),
  ];
}
