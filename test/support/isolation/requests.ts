import type { Operation } from '../operations.ts';
import type { Attack } from './attack.ts';
import type { Asked } from './exchange.ts';
import type { Guarded } from './places.ts';
import type { Place, Recipe } from './recipes.ts';

/** An operation with a name in one of its places, and wherever its path takes one. */
export function requestOf({ method, path }: Operation, recipe: Recipe, place?: Place, name = 'any'): Asked {
  const [where = '', field = ''] = place?.split(' ') ?? [];
  const { headers = {}, body } = 'open' in recipe ? {} : recipe;
  const query = where === 'query' ? `?${field}=${encodeURIComponent(name)}` : '';
  return {
    method,
    target: path.replaceAll(/\{[^}]+\}/g, encodeURIComponent(name)) + query,
    headers: where === 'header' ? { ...headers, [field]: name } : headers,
    ...(body === undefined ? {} : { body: where === 'body' ? withName(body, field.split('.'), name) : body }),
  };
}

/** The owner's own request, about something made for it alone. */
export async function ownRequest(attack: Attack, { operation, recipe }: Guarded): Promise<Asked> {
  const [place, kind = 'none'] = Object.entries(recipe.takes ?? {})[0] ?? [];
  if (place === undefined || kind === 'none') return requestOf(operation, recipe);
  return requestOf(operation, recipe, place as Place, (await attack.make(kind)).name);
}

/** The body with a name at this path; what ends in `ids` takes a list. */
function withName(body: unknown, [field = '', ...deeper]: readonly string[], name: string): unknown {
  const held = Object(body) as Readonly<Record<string, unknown>>;
  if (deeper.length > 0) return { ...held, [field]: withName(held[field], deeper, name) };
  return { ...held, [field]: field.endsWith('ids') ? [name] : name };
}
