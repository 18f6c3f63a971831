/** The event every stream of the bench is made of: about as large as a word of a model. */
export interface BenchEvent {
  /** From 1. */
  readonly n: number;
  readonly text: string;
}

export const benchEvent = (n: number): BenchEvent => ({ n, text: 'lorem ipsum ' });

/** Stands in event `n` and in no other. */
export const markOf = (n: number): Buffer => Buffer.from(`"n":${n},`);

/** The same event as bytes on the wire, for peers that carry text only. */
export const benchFrame = (n: number): string => `id: ${n}\nevent: delta\ndata: ${JSON.stringify(benchEvent(n))}\n\n`;

/** Stands once in every event. */
export const ANY_MARK = Buffer.from('"n":');

/** Events in these bytes. */
export function countEvents(bytes: Buffer): number {
  let count = 0;
  for (let at = bytes.indexOf(ANY_MARK); at !== -1; at = bytes.indexOf(ANY_MARK, at + ANY_MARK.length)) count += 1;
  return count;
}
