import { type Attack, type Breaches, type Phase, together } from './attack.ts';
import type { Answer } from './exchange.ts';
import { recipes } from './recipes.ts';
import { ownRequest, requestOf } from './requests.ts';
import { tryMemory } from './try-memory.ts';
import { tryNames } from './try-names.ts';
import { tryRepeats } from './try-repeats.ts';
import { tryRules } from './try-rules.ts';

/** Far more than the bucket refills while they are sent. */
const SPENT = 40;

/** The whole attack, the short parts first. A title is what a sound service holds to. */
export const phases: Readonly<Record<string, Phase>> = {
  'answers its owner': tryOwner,
  'lets in who may call it and nobody else, and tells nobody of another': tryRules,
  'runs a request on its own that somebody else repeats': tryRepeats,
  'answers nobody from what a model told another tenant': tryMemory,
  'counts requests at the tenant that sent them': tryAllowance,
  'gives nothing for a foreign name, and nothing away about it': tryNames,
  'keeps what its owner made as it was': (attack) => attack.harm(),
};

/** What others are refused, its owner gets: otherwise the refusals would prove nothing. */
function tryOwner(attack: Attack): Promise<Breaches> {
  const { owner } = attack.callers;
  const open = attack.operations.flatMap((operation) => {
    const recipe = recipes[operation.name];
    return recipe !== undefined && 'open' in recipe ? [{ operation, asked: requestOf(operation, recipe) }] : [];
  });
  const judge = (name: string, { status, text }: Answer): Breaches =>
    status < 400 ? [] : [`${name}: its owner gets ${status} ${text}`];
  return together([
    ...open.map(
      ({ operation, asked }) =>
        async () =>
          judge(operation.name, await attack.send(asked, owner)),
    ),
    ...attack.guarded.map((each) => async () => {
      return judge(each.operation.name, await attack.send(await ownRequest(attack, each), owner));
    }),
  ]);
}

/** What one tenant uses up, the same name in another still has. */
export async function tryAllowance(attack: Attack): Promise<Breaches> {
  const { here, there } = attack.callers.fresh;
  const asked = { method: 'GET', target: '/v1/limits' };
  const left = async (): Promise<number> =>
    Number((await attack.send(asked, there)).headers.get('x-ratelimit-remaining-requests'));
  const before = await left();
  await Promise.all(Array.from({ length: SPENT }, () => attack.send(asked, here)));
  const after = await left();
  // Its own second request costs one.
  return after >= before - 1 ? [] : [`requests of another tenant are counted: ${before} were left, then ${after}`];
}

/** Every phase; breaches by their title. */
export async function attackOn(attack: Attack): Promise<ReadonlyMap<string, Breaches>> {
  const found = new Map<string, Breaches>();
  for (const [title, phase] of Object.entries(phases)) found.set(title, await phase(attack));
  return found;
}
