import type { Usage } from '#src/kernel/index.js';
import type { FinishReason } from '../../provider.port.js';
import { UpstreamError } from '../../upstream-error.js';
import type { AnswerEvent } from './answer-event.js';
import { ToolCalls } from './tool-calls.js';

/** What one answer has said about itself so far, whatever the wire format. */
export abstract class AnswerReading {
  /** The upstream has said that nothing more comes. */
  over = false;
  protected readonly calls = new ToolCalls();
  protected finish: Exclude<FinishReason, 'tools'> | undefined;
  protected model: string | undefined;

  protected abstract readonly usage: Usage | undefined;

  /** What the data of one event says. */
  abstract read(data: string): readonly AnswerEvent[];

  /** @throws {UpstreamError} `truncated`, when the upstream never said that it had finished */
  end(): readonly AnswerEvent[] {
    if (this.finish === undefined && !this.over) {
      throw new UpstreamError('truncated', 'The answer of the model broke off');
    }
    const { usage, model, finish } = this;
    if (finish === 'length' || finish === 'filtered') return [{ type: 'end', finish, usage, model }];
    // Servers name this end differently, some even `stop`: what was called decides.
    return [...this.calls.end(usage), { type: 'end', finish: this.calls.count > 0 ? 'tools' : 'stop', usage, model }];
  }
}

export const words = (text: string): AnswerEvent => ({ type: 'words', text });

export const failedMeanwhile = (): UpstreamError => new UpstreamError('busy', 'The model failed while it answered');
