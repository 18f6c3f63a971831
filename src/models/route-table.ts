import type { Price } from '#src/kernel/index.js';
import type { Hop, ModelsFile } from './models-file.schema.js';
import type { ModelCard } from './provider.port.js';

type Kind = ModelCard['kind'];

const ANY_OTHER = '*';

const mapOf = <T>(entries: Readonly<Record<string, T>>): ReadonlyMap<string, T> => new Map(Object.entries(entries));

/** Names that stand for a chain of providers, and what the models of each provider cost. */
export class RouteTable {
  private readonly chains: Readonly<Record<Kind, ReadonlyMap<string, readonly Hop[]>>>;
  private readonly prices: ReadonlyMap<string, ReadonlyMap<string, Price>>;

  constructor({ routes, prices }: ModelsFile) {
    this.chains = { text: mapOf(routes.text), embedding: mapOf(routes.embedding) };
    this.prices = new Map(Object.entries(prices).map(([provider, models]) => [provider, mapOf(models)]));
  }

  /** One a route, under the name of whoever is asked first. */
  get cards(): readonly ModelCard[] {
    return (['text', 'embedding'] as const).flatMap((kind) =>
      Array.from(this.chains[kind], ([id, [first]]) => ({ id, kind, provider: first?.provider ?? '' })),
    );
  }

  chain(kind: Kind, model: string): readonly Hop[] | undefined {
    return this.chains[kind].get(model);
  }

  /** @param model as the provider calls it */
  price(provider: string, model: string): Price | undefined {
    const models = this.prices.get(provider);
    return models?.get(model) ?? models?.get(ANY_OTHER);
  }
}

export const NO_ROUTES = new RouteTable({ routes: { text: {}, embedding: {} }, prices: {} });
