import type { Usage } from './usage.js';

/** What one token costs, in whole picodollars (10⁻¹² USD): as many as a million cost microdollars. */
export interface Price {
  readonly input: number;
  readonly output: number;
}

const PICO_PER_NANO = 1_000;

/** In whole nanodollars (10⁻⁹ USD), rounded up. Nothing where nobody knows the price. */
export const costOf = ({ inputTokens, outputTokens }: Usage, price: Price | undefined): number =>
  price === undefined ? 0 : Math.ceil((inputTokens * price.input + outputTokens * price.output) / PICO_PER_NANO);
