import type { Receipt, StreamEvent } from '#libs/sse/index.js';
import { isRecord, parseJson } from '../json.js';
import type { Draft, Graph } from '../types.js';

interface Received {
  /** 1, 2, 3 … without holes. */
  readonly seq: number;
  /** The event as it came over the wire: what the receipt covers. Keep it to verify a copy later. */
  readonly raw: StreamEvent;
}

/** `DRAFTING` as the draft grows, `COMPLETE` with the whole of it. */
export interface StageData {
  readonly stage: string;
  readonly partial?: Graph;
  readonly payload?: Draft;
}

export interface ResumeData {
  readonly token: string;
  readonly expires_at: string;
}

/** Stands in for events the service no longer has. */
export interface GapData {
  readonly from_seq: number;
  readonly to_seq: number;
  readonly reason: string;
}

export interface CompleteData {
  readonly payload: Draft;
  readonly receipt: Receipt;
}

/** What a draft stream yields. An `error` event is thrown instead. `other`: an event newer than this library. */
export type DraftEvent = Received &
  (
    | { readonly event: 'stage'; readonly data: StageData }
    | { readonly event: 'resume'; readonly data: ResumeData }
    | { readonly event: 'gap'; readonly data: GapData }
    | { readonly event: 'complete'; readonly data: CompleteData }
    | { readonly event: 'other'; readonly name: string; readonly data: unknown }
  );

/** Gives an event its type, by its name and the fields that tell it apart. */
export function draftEventOf(raw: StreamEvent): DraftEvent {
  const data = parseJson(raw.data);
  const received = { seq: raw.seq, raw };
  if (raw.event === 'stage' && isStageData(data)) return { ...received, event: 'stage', data };
  if (raw.event === 'resume' && isResumeData(data)) return { ...received, event: 'resume', data };
  if (raw.event === 'gap' && isGapData(data)) return { ...received, event: 'gap', data };
  if (raw.event === 'complete' && isCompleteData(data)) return { ...received, event: 'complete', data };
  return { ...received, event: 'other', name: raw.event, data };
}

const isStageData = (data: unknown): data is StageData => isRecord(data) && typeof data['stage'] === 'string';

const isResumeData = (data: unknown): data is ResumeData =>
  isRecord(data) && typeof data['token'] === 'string' && typeof data['expires_at'] === 'string';

const isGapData = (data: unknown): data is GapData =>
  isRecord(data) && typeof data['from_seq'] === 'number' && typeof data['to_seq'] === 'number';

const isCompleteData = (data: unknown): data is CompleteData =>
  isRecord(data) && isRecord(data['payload']) && isRecord(data['receipt']);
