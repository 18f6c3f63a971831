const BURST = 5;
const REFILL_MS = 10_000;

/**
 * How often callers can make the service fetch a key set: five times at once, so that a rotation is noticed at the first
 * new token, and once every ten seconds for as long as somebody sends made-up key ids.
 */
export class FetchBudget {
  private left = BURST;
  private filledAt = Number.NEGATIVE_INFINITY;

  /** @param now Unix ms; a clock that steps back refills nothing */
  take(now: number): boolean {
    const refills = Math.max(0, Math.floor((now - this.filledAt) / REFILL_MS));
    if (this.left + refills >= BURST) {
      this.left = BURST;
      this.filledAt = now;
    } else {
      this.left += refills;
      this.filledAt += refills * REFILL_MS;
    }
    if (this.left === 0) return false;
    this.left -= 1;
    return true;
  }
}
