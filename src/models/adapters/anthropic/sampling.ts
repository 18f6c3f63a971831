import { UpstreamError } from '../../upstream-error.js';
import type { MessagesBody } from './messages-request.policy.js';

const BAD_REQUEST = 400;

/**
 * Newer models refuse every temperature but their own, older ones take it. A request is refused before a word is said,
 * and costs nothing: it is made once more without, and the model is asked without from then on.
 */
export class Sampling {
  private readonly refusing = new Set<unknown>();

  async asFarAsTaken<T>(body: MessagesBody, ask: (body: MessagesBody) => Promise<T>): Promise<T> {
    const { temperature, top_p, ...bare } = body;
    const none = temperature === undefined && top_p === undefined;
    if (none || this.refusing.has(body.model)) return ask(bare);
    try {
      return await ask(body);
    } catch (error) {
      if (!(error instanceof UpstreamError) || error.status !== BAD_REQUEST) throw error;
    }
    const answer = await ask(bare);
    this.refusing.add(body.model);
    return answer;
  }
}
