import type { Usage } from '#src/kernel/index.js';
import type { FinishReason } from '../../provider.port.js';

/** An answer: as it comes, or all at once. */
export type AnswerEvents = Iterable<AnswerEvent> | AsyncIterable<AnswerEvent>;

/** What a model says as it comes, then once, last, how it ended. `usage` is left out by some servers. */
export type AnswerEvent =
  | { readonly type: 'words'; readonly text: string }
  /** What the model says instead of an answer. */
  | { readonly type: 'refusal'; readonly text: string }
  /** A piece of the `index`th tool call: `arguments` is what is added. */
  | {
      readonly type: 'call';
      readonly index: number;
      readonly id: string;
      readonly name: string;
      readonly arguments: string;
    }
  | {
      readonly type: 'end';
      readonly finish: FinishReason;
      readonly usage: Usage | undefined;
      readonly model: string | undefined;
    };
