import type { ModelCard } from '#src/models/index.js';
import type { ModelView } from './models.schema.js';

/** Each model once, under the provider that is asked first. */
export function modelViews(cards: readonly ModelCard[]): ModelView[] {
  const firsts = new Map<string, ModelView>();
  for (const { id, kind, provider } of cards) {
    if (!firsts.has(id)) firsts.set(id, { id, object: 'model', created: 0, owned_by: provider, kind });
  }
  return [...firsts.values()];
}
