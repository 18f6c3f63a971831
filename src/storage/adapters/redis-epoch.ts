import type { OnceReply } from '../hot.port.js';

/** Renewed with every use; a store that nobody used for so long holds nothing that could be repeated. */
export const EPOCH_TTL_MS = 30 * 86_400_000;

/** What one run of the server tells: whether something was used before, and which run that was. */
export interface RunReply extends OnceReply {
  readonly run: string;
}

/** @throws Error when the reply is none of the script's */
export function onceReplyOf(reply: unknown): RunReply {
  const [outcome, run, since] = Array.isArray(reply) ? reply.map(String) : [];
  if (run !== undefined && (outcome === 'first' || outcome === 'repeated' || outcome === 'forgotten')) {
    return { outcome, run, since: Number(since) };
  }
  throw new Error('Redis gave an answer that the script does not give');
}
