/** One event as it goes over the wire. `data` is normally one line of JSON; more lines become more `data:` fields. */
export interface OutgoingEvent {
  /** Becomes `id:`; left out in dialects that carry no ids. */
  readonly seq?: number;
  readonly event: string;
  readonly data: string;
}

/** A comment: keeps proxies and idle timers quiet, carries no id and changes no cursor. */
export const HEARTBEAT = ': heartbeat\n\n';

const LINE_END = /\r\n|\n|\r/;

/** Tells a reconnecting client how long to wait. */
export const encodeRetry = (ms: number): string => `retry: ${ms}\n\n`;

/**
 * The text of one event, with the blank line that ends it (WHATWG HTML §9.2).
 *
 * @example
 * encodeEvent({ seq: 1, event: 'stage', data: '{"stage":"DRAFTING"}' })
 * // id: 1⏎event: stage⏎data: {"stage":"DRAFTING"}⏎⏎
 */
export function encodeEvent({ seq, event, data }: OutgoingEvent): string {
  const head = seq === undefined ? `event: ${event}\n` : `id: ${seq}\nevent: ${event}\n`;
  return `${head}data: ${oneLine(data) ? data : data.split(LINE_END).join('\ndata: ')}\n\n`;
}

const oneLine = (data: string): boolean => !data.includes('\n') && !data.includes('\r');
