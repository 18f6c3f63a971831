/** An answer, and what its owner has left. */
export interface Answered<T> {
  readonly answer: T;
  readonly limitHeaders: Readonly<Record<string, string>>;
}
