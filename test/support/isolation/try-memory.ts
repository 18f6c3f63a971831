import { randomUUID } from 'node:crypto';
import type { Attack, Breaches } from './attack.ts';

const DRAFT = 'POST /assist/draft-graph';

/** What one tenant asked a model, another asks and pays for itself: an answer that costs it nothing was somebody else's. */
export async function tryMemory(attack: Attack): Promise<Breaches> {
  const { here, there } = attack.callers.fresh;
  const body = { brief: `Should we ask the same thing as others do, here and there, about ${randomUUID()}?` };
  const asked = { method: 'POST', target: '/assist/draft-graph', body };
  const left = ({ headers }: { readonly headers: Headers }): number =>
    Number(headers.get('x-ratelimit-remaining-tokens'));
  await attack.send(asked, here);
  const before = left(await attack.send({ method: 'GET', target: '/v1/limits' }, there));
  const answer = await attack.send(asked, there);
  if (answer.status !== 200) return [`${DRAFT} is answered with ${answer.status}`];
  return left(answer) < before ? [] : [`${DRAFT} is answered from the memory of another tenant`];
}
