import type { Price } from '#src/kernel/index.js';
import type { Hop, ModelsFile } from './models-file.schema.js';
import type { ModelCard } from './provider.port.js';

type Kind = ModelCard['kind'];

const ANY_OTHER = '*';

const mapOf = <T>(entries: Readonly<Record<string, T>>): ReadonlyMap<string, T> => new Map(Object.entries(entries));

/** The chain of all names that begin alike. */
interface Wildcard {
  readonly beginning: string;
  readonly chain: readonly Hop[];
}

/** Names that stand for a chain of providers, and what the models of each provider cost. */
export class RouteTable {
  private readonly chains: Readonly<Record<Kind, ReadonlyMap<string, readonly Hop[]>>>;
  /** The longest beginning first. */
  private readonly wildcards: Readonly<Record<Kind, readonly Wildcard[]>>;
  private readonly prices: ReadonlyMap<string, ReadonlyMap<string, Price>>;

  constructor({ routes, prices }: Pick<ModelsFile, 'routes' | 'prices'>) {
    this.chains = { text: mapOf(exact(routes.text)), embedding: mapOf(exact(routes.embedding)) };
    this.wildcards = { text: wildcards(routes.text), embedding: wildcards(routes.embedding) };
    this.prices = new Map(Object.entries(prices).map(([provider, models]) => [provider, mapOf(models)]));
  }

  /** One a name that is whole, under the name of whoever is asked first. */
  get cards(): readonly ModelCard[] {
    return (['text', 'embedding'] as const).flatMap((kind) =>
      Array.from(this.chains[kind], ([id, [first]]) => ({ id, kind, provider: first?.provider ?? '' })),
    );
  }

  /** The chain of a name that is written out. */
  route(kind: Kind, model: string): readonly Hop[] | undefined {
    return this.chains[kind].get(model);
  }

  /** The chain of the longest beginning that a name has; empty: it has none. */
  wildcard(kind: Kind, model: string): readonly Hop[] {
    return this.wildcards[kind].find(({ beginning }) => model.startsWith(beginning))?.chain ?? [];
  }

  /** @param model as the provider calls it */
  price(provider: string, model: string): Price | undefined {
    const models = this.prices.get(provider);
    return models?.get(model) ?? models?.get(ANY_OTHER);
  }
}

type Chains = ModelsFile['routes'][Kind];

const exact = (chains: Chains): Chains =>
  Object.fromEntries(Object.entries(chains).filter(([name]) => !name.endsWith(ANY_OTHER)));

const wildcards = (chains: Chains): readonly Wildcard[] =>
  Object.entries(chains)
    .filter(([name]) => name.endsWith(ANY_OTHER))
    .map(([name, chain]) => ({ beginning: name.slice(0, -ANY_OTHER.length), chain }))
    .toSorted((one, other) => other.beginning.length - one.beginning.length);

export const NO_ROUTES = new RouteTable({ routes: { text: {}, embedding: {} }, prices: {} });
