import type { Script } from './scripted-upstream.ts';
import { drafting, sampleDraft, standard } from './scripted-upstream-scripts.ts';

/** A model that takes its time: each call waits until it is let go. */
export class HeldModel {
  private release: () => void = () => undefined;
  private gate: Promise<void> = Promise.resolve();

  hold(): void {
    const { promise, resolve } = Promise.withResolvers<void>();
    this.gate = promise;
    this.release = resolve;
  }

  letGo(): void {
    this.release();
  }

  readonly script: Script = async (request, response) => {
    await this.gate;
    await standard({ structured: drafting(sampleDraft(4), {}) })(request, response);
  };
}
