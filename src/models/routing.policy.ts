import type { ModelCard } from './provider.port.js';

interface Offer {
  readonly models: readonly ModelCard[];
}

/**
 * Who may answer, in the configured order. A caller who names no model takes whoever has one of the kind;
 * a caller who names one gets that model and no other. Empty: nobody.
 */
export const candidates = <T extends Offer>(
  offers: readonly T[],
  kind: ModelCard['kind'],
  model: string | undefined,
): readonly T[] =>
  offers.filter(({ models }) =>
    models.some((card) => card.kind === kind && (model === undefined || card.id === model)),
  );
