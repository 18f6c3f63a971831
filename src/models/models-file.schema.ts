import { z } from 'zod';
import { dollars, type Price } from '#src/kernel/index.js';

/** Digits behind the point of a price: of a million tokens in microdollars, of one token in picodollars. */
const PRICE_DIGITS = 6;
const LONGEST_CHAIN = 8;

const name = z.string().min(1).max(200);

const Hop = z.strictObject({ provider: z.string(), model: name });
export type Hop = z.output<typeof Hop>;

const Chains = z.record(name, z.array(Hop).min(1).max(LONGEST_CHAIN)).default({});

/** USD a million tokens. */
const ModelPrice = z
  .strictObject({
    input: dollars(PRICE_DIGITS),
    output: dollars(PRICE_DIGITS).default(0),
    cached_input: dollars(PRICE_DIGITS).optional(),
    cache_write: dollars(PRICE_DIGITS).optional(),
  })
  .transform(
    ({ input, output, cached_input, cache_write }): Price => ({
      ...{ input, output },
      ...(cached_input === undefined ? {} : { cachedInput: cached_input }),
      ...(cache_write === undefined ? {} : { cacheWrite: cache_write }),
    }),
  );

/** The content of `config/models.yaml`: which providers answer to a name, in which order, and what their models cost. */
const Content = z.strictObject({
  routes: z.strictObject({ text: Chains, embedding: Chains }).prefault({}),
  /** By provider and by the name it has for the model; `*` are all others of that provider. */
  prices: z.record(z.string(), z.record(name, ModelPrice)).default({}),
});
export type ModelsFile = z.output<typeof Content>;

/**
 * The schema of the file where these providers are there.
 *
 * @param known every provider that there is: a price of another is a slip of the pen
 * @param configured those that are called: a route over another would lead nowhere
 */
export const modelsFile = (known: readonly string[], configured: readonly string[]) =>
  Content.superRefine(({ routes, prices }, context) => {
    const fault = (...path: PropertyKey[]): void => context.addIssue({ code: 'custom', path });
    for (const [kind, chains] of Object.entries(routes)) {
      for (const [model, hops] of Object.entries(chains)) {
        if (kind === 'embedding' && Object.hasOwn(routes.text, model)) fault('routes', kind, model);
        for (const [at, { provider }] of hops.entries())
          if (!configured.includes(provider)) fault('routes', kind, model, at, 'provider');
      }
    }
    for (const provider of Object.keys(prices)) if (!known.includes(provider)) fault('prices', provider);
  });
