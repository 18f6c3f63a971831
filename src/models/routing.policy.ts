import type { Price } from '#src/kernel/index.js';
import type { Hop } from './models-file.schema.js';
import type { ModelCard } from './provider.port.js';
import type { RouteTable } from './route-table.js';

interface Offer {
  readonly name: string;
  readonly models: readonly ModelCard[];
}

/** Somebody who may answer. */
export interface Choice<T> {
  readonly offer: T;
  /** As the provider calls it; `undefined` for the one that it takes when it is told none. */
  readonly model: string | undefined;
  readonly price: Price | undefined;
  /** The caller's own word, which nobody here wrote down. */
  readonly open?: true;
}

/**
 * Who may answer, in order. A name with a route is its chain. Any other goes to those who serve it, in the configured
 * order, and one that nobody serves to the chain of its beginning; a caller who names no model takes whoever has one of the
 * kind. Empty: nobody.
 */
export function choices<T extends Offer>(
  offers: readonly T[],
  table: RouteTable,
  kind: ModelCard['kind'],
  model: string | undefined,
): readonly Choice<T>[] {
  const serving = (): readonly Choice<T>[] =>
    offers.flatMap((offer) => {
      const card = offer.models.find(({ id, kind: of }) => of === kind && (model === undefined || id === model));
      return card === undefined ? [] : [{ offer, model, price: table.price(offer.name, card.id) }];
    });
  if (model === undefined) return serving();
  const along = (chain: readonly Hop[]): readonly Choice<T>[] =>
    chain.flatMap(({ provider, model: named = model }) => {
      const offer = offers.find(({ name }) => name === provider);
      return offer === undefined ? [] : [{ offer, model: named, price: table.price(provider, named) }];
    });
  const route = table.route(kind, model);
  if (route !== undefined) return along(route);
  const served = serving();
  return served.length > 0 ? served : along(table.wildcard(kind, model)).map(openly(model));
}

/** What a chain passes on of the caller's own words. */
const openly =
  (asked: string) =>
  <T>(choice: Choice<T>): Choice<T> =>
    choice.model === asked ? { ...choice, open: true } : choice;

/** Those whose price is known, when it must be and there are any. */
export function priced<T>(all: readonly Choice<T>[], needsPrice: boolean): readonly Choice<T>[] {
  if (!needsPrice) return all;
  const known = all.filter(({ price }) => price !== undefined);
  return known.length > 0 ? known : all;
}
