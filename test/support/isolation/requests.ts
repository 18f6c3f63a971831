import type { Operation } from '../operations.ts';
import type { Attack } from './attack.ts';
import type { Asked } from './exchange.ts';
import { type Guarded, takenBy } from './places.ts';
import type { Place, Recipe } from './recipes.ts';

/** What stands in the places of a request. */
export type Names = ReadonlyMap<Place, string>;

const NOTHING: Names = new Map();

/** An operation with these names in its places. */
export function requestOf({ method, path }: Operation, recipe: Recipe, names: Names = NOTHING): Asked {
  const { headers = {}, body, common = {} } = 'open' in recipe ? {} : recipe;
  const query = String(new URLSearchParams(namesIn('query', names)));
  const inBody = namesIn('body', names);
  return {
    method,
    target: `${filled(path, names, common)}${query === '' ? '' : `?${query}`}`,
    headers: { ...headers, ...Object.fromEntries(namesIn('header', names)) },
    ...(body === undefined ? {} : { body: inBody.reduce(withName, body) }),
  };
}

/** The owner's own request, about things made for it alone. */
export async function ownRequest(attack: Attack, { operation, recipe }: Guarded): Promise<Asked> {
  const made = takenBy(recipe).flatMap((place) => {
    const kind = recipe.takes?.[place] ?? 'none';
    return kind === 'none' ? [] : [attack.make(kind).then(({ name }) => [place, name] as const)];
  });
  return requestOf(operation, recipe, new Map(await Promise.all(made)));
}

/** What stands in the path when one place is tried: in the others what the owner would write there. */
export function namesAround({ things }: Attack, { recipe }: Guarded, tried: Place, name: string): Names {
  const around = takenBy(recipe).flatMap((place): (readonly [Place, string])[] => {
    const kind = recipe.takes?.[place] ?? 'none';
    const thing = kind === 'none' ? undefined : things.get(kind);
    return thing === undefined || !place.startsWith('path ') ? [] : [[place, thing.name]];
  });
  return new Map([...around, [tried, name]]);
}

const filled = (path: string, names: Names, common: Readonly<Record<Place, string>>): string =>
  path.replaceAll(/\{([^}]+)\}/g, (_, parameter: string) => {
    const place: Place = `path ${parameter.toLowerCase()}`;
    return encodeURIComponent(names.get(place) ?? common[place] ?? 'any');
  });

/** Field and name of each place in one part of a request. */
const namesIn = (part: string, names: Names): [string, string][] =>
  [...names].flatMap(([place, name]): [string, string][] =>
    place.startsWith(`${part} `) ? [[place.slice(part.length + 1), name]] : [],
  );

/** The body with a name in a field, which may lie deeper: `parent.id`. What ends in `ids` takes a list. */
function withName(body: unknown, [field, name]: readonly [string, string]): unknown {
  const held = Object(body) as Readonly<Record<string, unknown>>;
  const [first = '', ...deeper] = field.split('.');
  if (deeper.length > 0) return { ...held, [first]: withName(held[first], [deeper.join('.'), name]) };
  return { ...held, [first]: first.endsWith('ids') ? [name] : name };
}
