import { z } from 'zod';
import { dollars, PROVIDER_NAME, type Price } from '#src/kernel/index.js';

/** Digits behind the point of a price: of a million tokens in microdollars, of one token in picodollars. */
const PRICE_DIGITS = 6;
const LONGEST_CHAIN = 8;

const name = z.string().min(1).max(200);

/** Without a model, it is asked by the name that the caller used. */
const Hop = z.strictObject({ provider: z.string(), model: name.optional() });
export type Hop = z.output<typeof Hop>;

/** A name, or the beginning of many and `*`. */
const routed = name.regex(/^[^*]*\*?$/);
const Chains = z.record(routed, z.array(Hop).min(1).max(LONGEST_CHAIN)).default({});

/** One more that speaks OpenAI's chat completions and embeddings. */
const Endpoint = z
  .strictObject({
    base_url: z.url({ protocol: /^https?$/ }),
    models: z.array(name).default([]),
    embedding_models: z.array(name).default([]),
  })
  .refine(({ models, embedding_models }) => models.length + embedding_models.length > 0, 'no models');
export type Endpoint = z.output<typeof Endpoint>;

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

/** The content of `config/models.yaml`, each part for itself: which providers answer to a name, in which order, and what their models cost. */
export const ModelsFile = z.strictObject({
  /** By the names that they have among the providers. */
  endpoints: z.record(z.string().regex(PROVIDER_NAME), Endpoint).default({}),
  routes: z.strictObject({ text: Chains, embedding: Chains }).prefault({}),
  /** By provider and by the name it has for the model; `*` are all others of that provider. */
  prices: z.record(z.string(), z.record(name, ModelPrice)).default({}),
});
export type ModelsFile = z.output<typeof ModelsFile>;

/**
 * The schema of the file where these providers are there.
 *
 * @param builtIn those that need no endpoint here
 * @param configured those that are called: a route over another would lead nowhere
 */
export const modelsFile = (builtIn: readonly string[], configured: readonly string[]) =>
  ModelsFile.superRefine(({ endpoints, routes, prices }, context) => {
    const fault = (message: string, ...path: PropertyKey[]): void =>
      context.addIssue({ code: 'custom', path, message });
    const known = [...builtIn, ...Object.keys(endpoints)];
    for (const endpoint of Object.keys(endpoints))
      if (builtIn.includes(endpoint)) fault('the name of a built-in provider', 'endpoints', endpoint);
    for (const [kind, chains] of Object.entries(routes)) {
      for (const [model, hops] of Object.entries(chains)) {
        if (kind === 'embedding' && Object.hasOwn(routes.text, model))
          fault('a text model has this name', 'routes', kind, model);
        for (const [at, { provider }] of hops.entries())
          if (!configured.includes(provider)) fault('not in MODEL_PROVIDERS', 'routes', kind, model, at, 'provider');
      }
    }
    for (const provider of Object.keys(prices))
      if (!known.includes(provider)) fault('no such provider', 'prices', provider);
  });
