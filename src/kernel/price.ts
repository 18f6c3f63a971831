import type { Usage } from './usage.js';

/** What one token costs, in whole picodollars (10⁻¹² USD): as many as a million cost microdollars. */
export interface Price {
  readonly input: number;
  readonly output: number;
  /** Of input that the provider had in its cache; as other input when left out. */
  readonly cachedInput?: number;
  /** Of input that it put there; as other input when left out. */
  readonly cacheWrite?: number;
}

const PICO_PER_NANO = 1_000;

/** In whole nanodollars (10⁻⁹ USD), rounded up. Nothing where nobody knows the price. */
export const costOf = (usage: Usage, price: Price | undefined): number =>
  price === undefined ? 0 : Math.ceil((inputCost(usage, price) + usage.outputTokens * price.output) / PICO_PER_NANO);

function inputCost({ inputTokens, cachedInputTokens: read = 0, cacheWriteTokens: written = 0 }: Usage, price: Price) {
  const { input, cachedInput = input, cacheWrite = input } = price;
  return (inputTokens - read - written) * input + read * cachedInput + written * cacheWrite;
}
