import type { CallMeter } from '#src/models/index.js';

type Usage = Parameters<CallMeter['grow']>[0];
type Price = Parameters<CallMeter['begin']>[1];

/** A meter that notes what it is told, and refuses where a test says so. */
export class RecordingMeter implements CallMeter {
  readonly told: string[] = [];
  needsPrice = false;
  /** Thrown by `begin`, or by `grow` once an answer has so many tokens. */
  refusal: { readonly error: Error; readonly at: 'begin' | number } | undefined;
  private over = false;

  async begin(inputTokens: number, price: Price): Promise<void> {
    const at = price === undefined ? '' : ` at ${price.input}+${price.output}`;
    this.told.push(`begin ${inputTokens > 0}${at}`);
    if (this.refusal?.at === 'begin') throw this.refusal.error;
  }

  affords(): boolean {
    return this.refusal === undefined;
  }

  grow({ inputTokens, outputTokens }: Usage): Promise<void> | undefined {
    this.told.push(`grow ${inputTokens}+${outputTokens}`);
    const { refusal } = this;
    return typeof refusal?.at === 'number' && outputTokens >= refusal.at ? Promise.reject(refusal.error) : undefined;
  }

  again(): void {
    this.told.push('again');
  }

  async end({ inputTokens, outputTokens }: Usage, model: string): Promise<void> {
    this.tellOnce(`end ${inputTokens}+${outputTokens} ${model}`);
  }

  async stop(how: 'cancelled' | 'failed'): Promise<void> {
    this.tellOnce(how);
  }

  private tellOnce(end: string): void {
    if (!this.over) this.told.push(end);
    this.over = true;
  }
}
