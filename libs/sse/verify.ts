import { type KeySet, member, parse, type Receipt, receiptOf, signedBy } from './receipt.js';
import { extendHash, initialHash, type StreamEvent, toHex } from './rolling-hash.js';

/**
 * The first thing that is wrong with a stream.
 *
 * `hole`, `duplicate`, `trimmed` and `payload_mismatch` name the event. An altered event shows as `root_mismatch`: the
 * root alone cannot say which; {@link diffEvents} can, with a second reader's copy.
 */
export type Fault =
  | { readonly reason: 'hole' | 'duplicate' | 'trimmed' | 'payload_mismatch'; readonly seq: number }
  | { readonly reason: 'count_mismatch'; readonly expected: number; readonly received: number }
  | {
      readonly reason: 'root_mismatch' | 'signature_invalid' | 'unknown_key' | 'receipt_missing' | 'unfinished';
    };

export type Verdict = { readonly valid: true; readonly count: number } | ({ readonly valid: false } & Fault);

/** The first two end streams of the assistants, the others those of OpenAI's Responses API. */
const TERMINAL = new Set(['complete', 'error', 'response.completed', 'response.incomplete', 'response.failed']);

/**
 * Checks a stream event by event, in constant memory.
 *
 * @example
 * const verifier = await StreamVerifier.start(streamId);
 * for (const event of events) await verifier.add(event);   // everything before the last event
 * const verdict = await verifier.finish(receipt, keys);
 */
export class StreamVerifier {
  private count = 0;
  private fault: Fault | undefined;

  private constructor(
    private readonly streamId: string,
    private hash: Uint8Array,
  ) {}

  static async start(streamId: string): Promise<StreamVerifier> {
    return new StreamVerifier(streamId, await initialHash(streamId));
  }

  /** Takes the next event before the last. The first fault is kept and answered again by every later call. */
  async add(event: StreamEvent): Promise<Fault | undefined> {
    this.fault ??= this.misplaced(event);
    if (this.fault !== undefined) return this.fault;
    this.count = event.seq;
    this.hash = await extendHash(this.hash, event);
    return undefined;
  }

  /** Compares what was received with the receipt, and the receipt with its signature. */
  async finish(receipt: Receipt, keys: KeySet): Promise<Verdict> {
    const fault = this.fault ?? (await this.mismatch(receipt, keys));
    return fault === undefined ? { valid: true, count: this.count } : { valid: false, ...fault };
  }

  private misplaced({ seq, event }: StreamEvent): Fault | undefined {
    const expected = this.count + 1;
    if (event === 'gap' && seq >= expected) return { reason: 'trimmed', seq: expected };
    if (seq > expected) return { reason: 'hole', seq: expected };
    return seq < expected ? { reason: 'duplicate', seq } : undefined;
  }

  private async mismatch(receipt: Receipt, { keys }: KeySet): Promise<Fault | undefined> {
    if (receipt.count !== this.count) {
      return { reason: 'count_mismatch', expected: receipt.count, received: this.count };
    }
    if (receipt.root !== toHex(this.hash)) return { reason: 'root_mismatch' };
    const key = keys.find(({ kid }) => kid === receipt.key_id);
    if (key === undefined) return { reason: 'unknown_key' };
    return (await signedBy(key, this.streamId, receipt)) ? undefined : { reason: 'signature_invalid' };
  }
}

/** Checks the events before the last against a receipt. */
export async function verifyReceipt(
  streamId: string,
  events: readonly StreamEvent[],
  receipt: Receipt,
  keys: KeySet,
): Promise<Verdict> {
  const verifier = await StreamVerifier.start(streamId);
  for (const event of events) if ((await verifier.add(event)) !== undefined) break;
  return verifier.finish(receipt, keys);
}

/**
 * Checks a whole stream, its terminal event included: that one is outside the hash, so its place is checked, and its
 * payload against the one the hash covers (the `COMPLETE` stage), where the stream has one.
 */
export async function verifyStream(streamId: string, events: readonly StreamEvent[], keys: KeySet): Promise<Verdict> {
  const last = events.at(-1);
  if (last === undefined || !TERMINAL.has(last.event)) return { valid: false, reason: 'unfinished' };
  const receipt = receiptOf(last.data);
  if (receipt === undefined) return { valid: false, reason: 'receipt_missing' };
  const before = events.slice(0, -1);
  const verdict = await verifyReceipt(streamId, before, receipt, keys);
  if (!verdict.valid) return verdict;
  if (last.seq !== receipt.count + 1) {
    return { valid: false, reason: last.seq > receipt.count ? 'hole' : 'duplicate', seq: last.seq };
  }
  return samePayload(before, last) ? verdict : { valid: false, reason: 'payload_mismatch', seq: last.seq };
}

function samePayload(before: readonly StreamEvent[], last: StreamEvent): boolean {
  if (last.event !== 'complete') return true;
  const covered = before
    .filter(({ event }) => event === 'stage')
    .map(({ data }) => parse(data))
    .findLast((data) => member(data, 'stage') === 'COMPLETE');
  if (covered === undefined) return true;
  return JSON.stringify(member(covered, 'payload')) === JSON.stringify(member(parse(last.data), 'payload'));
}

/** Where two copies of one stream first differ. */
export interface Difference {
  readonly seq: number;
  /** `missing`: only the second copy has it; `extra`: only the first has it. */
  readonly kind: 'altered' | 'missing' | 'extra';
}

/** The first event in which `copy` differs from `control`; `undefined` when they are equal. */
export function diffEvents(copy: readonly StreamEvent[], control: readonly StreamEvent[]): Difference | undefined {
  for (let at = 0; at < Math.max(copy.length, control.length); at += 1) {
    const mine = copy[at];
    const theirs = control[at];
    if (mine !== undefined && theirs !== undefined && sameEvent(mine, theirs)) continue;
    if (mine?.seq === theirs?.seq) return { seq: mine?.seq ?? 0, kind: 'altered' };
    if (theirs === undefined || (mine !== undefined && mine.seq < theirs.seq)) {
      return { seq: mine?.seq ?? 0, kind: 'extra' };
    }
    return { seq: theirs.seq, kind: 'missing' };
  }
  return undefined;
}

const sameEvent = (a: StreamEvent, b: StreamEvent): boolean =>
  a.seq === b.seq && a.event === b.event && a.data === b.data;
