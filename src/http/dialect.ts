/** One reader's translation of a log into the words of another protocol. Keeps what it has to know between two pieces. */
export interface Translation {
  /** What ready event-stream bytes of the log say in the other protocol; never nothing, so that every piece is sent. */
  take(log: Uint8Array): Uint8Array;
  /** What is left to say when the log ends here, if anything. */
  end(): Uint8Array | undefined;
}

/** How the streams of a route are told where they are not told in the words of the log itself: a new translation for each reader. */
export type Dialect = () => Translation;

/** A log told in a dialect. A hang-up reaches the log at once, even while it waits. */
export function inDialect(log: AsyncIterable<Uint8Array>, dialect: Dialect): AsyncIterable<Uint8Array> {
  const source = log[Symbol.asyncIterator]();
  const translation = dialect();
  let over = false;
  const next = async (): Promise<IteratorResult<Uint8Array, undefined>> => {
    if (over) return OVER;
    const { done, value } = await source.next();
    if (done !== true) return { done: false, value: translation.take(value) };
    over = true;
    const rest = translation.end();
    return rest === undefined ? OVER : { done: false, value: rest };
  };
  const leave = async (): Promise<IteratorResult<Uint8Array, undefined>> => {
    over = true;
    await source.return?.();
    return OVER;
  };
  return { [Symbol.asyncIterator]: () => ({ next, return: leave }) };
}

const OVER = { done: true, value: undefined } as const;
