import type { Price } from '#src/kernel/index.js';
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
}

/**
 * Who may answer, in order. A name with a route is its chain. Any other goes to those who serve it, in the configured
 * order; a caller who names no model takes whoever has one of the kind. Empty: nobody.
 */
export function choices<T extends Offer>(
  offers: readonly T[],
  table: RouteTable,
  kind: ModelCard['kind'],
  model: string | undefined,
): readonly Choice<T>[] {
  const chain = model === undefined ? undefined : table.chain(kind, model);
  if (chain !== undefined) {
    return chain.flatMap((hop) => {
      const offer = offers.find(({ name }) => name === hop.provider);
      return offer === undefined ? [] : [{ offer, model: hop.model, price: table.price(hop.provider, hop.model) }];
    });
  }
  return offers.flatMap((offer) => {
    const card = offer.models.find(({ id, kind: of }) => of === kind && (model === undefined || id === model));
    return card === undefined ? [] : [{ offer, model, price: table.price(offer.name, card.id) }];
  });
}

/** Those whose price is known, when it must be and there are any. */
export function priced<T>(all: readonly Choice<T>[], needsPrice: boolean): readonly Choice<T>[] {
  if (!needsPrice) return all;
  const known = all.filter(({ price }) => price !== undefined);
  return known.length > 0 ? known : all;
}
