import type { TextEvent, TextRequest } from '#src/models/provider.port.js';
import type { modelWorld } from './model-world.ts';

/** A question that has one answer, so that it may be kept. */
export const QUESTION: TextRequest = { messages: [{ role: 'user', content: 'Tea or coffee?' }], temperature: 0 };
/** Every answer is kept. */
export const ALL = { cache: { calls: 'all' } } as const;

export type World = ReturnType<typeof modelWorld>;
type Call = ReturnType<World['callOf']>;

export const ask = (
  { models, callOf }: World,
  request: TextRequest = QUESTION,
  call: Call = callOf(),
): Promise<TextEvent[]> => Array.fromAsync(models.text(request, call));
