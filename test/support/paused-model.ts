import type { Script } from './scripted-upstream.ts';
import { frames } from './scripted-upstream-scripts.ts';

/** Frames of the beginning: a comment, who speaks, and two pieces of the text. */
const BEGINNING = 4;

/** A model that says the beginning of a text, and the rest once it is let go. */
export class PausedModel {
  private readonly gates: PromiseWithResolvers<void>[] = [];

  constructor(private readonly text: string) {}

  /** Lets every call that waits now go on. */
  letGo(): void {
    for (const { resolve } of this.gates.splice(0)) resolve();
  }

  readonly script: Script = async (_request, response) => {
    const all = frames(this.text, { charactersPerChunk: 5 });
    const gate = Promise.withResolvers<void>();
    this.gates.push(gate);
    response.writeHead(200, { 'content-type': 'text/event-stream; charset=utf-8' });
    response.write(all.slice(0, BEGINNING).join(''));
    await gate.promise;
    response.end(all.slice(BEGINNING).join(''));
  };
}
