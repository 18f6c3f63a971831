import type { Operation } from '../operations.ts';
import { nameless, type Place, type Recipe, recipes } from './recipes.ts';

/** An operation that somebody must be allowed to call, and what is known of it. */
export interface Guarded {
  readonly operation: Operation;
  readonly recipe: Exclude<Recipe, { readonly open: string }>;
}

/** A place of an operation that takes a name. */
export interface Slot extends Guarded {
  readonly place: Place;
}

/** A field of a body that, by its own name, holds the name of something. */
const NAMING = /(^|[._])(ids?|cursor|token|key|secret)$/;

/** Every place of an operation that may take a name. */
function placesOf({ parameters, fields }: Operation): readonly Place[] {
  const named = parameters.map(({ in: where, name }) => `${where} ${name.toLowerCase()}` as Place);
  const fielded = fields.filter((field) => NAMING.test(field)).map((field) => `body ${field}` as const);
  return [...new Set([...named, ...fielded])];
}

/** What nobody has thought about yet, and what is written down and not there any more; a sentence each. */
export function gapsOf(operations: readonly Operation[]): readonly string[] {
  const names = new Set(operations.map(({ name }) => name));
  return [
    ...operations.flatMap((operation) => gapsOfOne(operation, recipes[operation.name])),
    ...Object.keys(recipes).flatMap((name) => (names.has(name) ? [] : [`${name}: has a recipe, and is not there`])),
  ];
}

function gapsOfOne(operation: Operation, recipe: Recipe | undefined): readonly string[] {
  const { name, open } = operation;
  if (recipe === undefined) return [`${name}: has no recipe`];
  if ('open' in recipe) return open ? [] : [`${name}: is not open, but its recipe says so`];
  const places = placesOf(operation);
  const taken = takenBy(recipe);
  const known = { ...nameless, ...recipe.common };
  return [
    ...(open ? [`${name}: is open, but its recipe says who may call it`] : []),
    ...places
      .filter((place) => !taken.includes(place) && known[place] === undefined)
      .map((place) => `${name}: nobody says what ${place} takes`),
    ...taken.filter((place) => !places.includes(place)).map((place) => `${name}: has no ${place}`),
  ];
}

export const guardedOf = (operations: readonly Operation[]): readonly Guarded[] =>
  operations.flatMap((operation) => {
    const recipe = recipes[operation.name];
    return recipe === undefined || 'open' in recipe ? [] : [{ operation, recipe }];
  });

export const slotsOf = (guarded: readonly Guarded[]): readonly Slot[] =>
  guarded.flatMap((each) => takenBy(each.recipe).map((place) => ({ ...each, place })));

/** The places of an operation that take a name. */
export const takenBy = ({ takes = {} }: Guarded['recipe']): readonly Place[] => Object.keys(takes) as Place[];
