/** The text is no structured field. Never leaves the parser. */
export class FieldSyntaxError extends Error {}

/** A place in a text, moving forward only. */
export class Scanner {
  private at = 0;

  constructor(private readonly text: string) {}

  get ended(): boolean {
    return this.at >= this.text.length;
  }

  /** The next character; empty at the end. */
  get next(): string {
    return this.text.charAt(this.at);
  }

  /** Moves over the character when it is the next one. */
  skip(character: string): boolean {
    if (this.next !== character) return false;
    this.at += 1;
    return true;
  }

  expect(character: string): void {
    if (!this.skip(character)) throw new FieldSyntaxError();
  }

  /** Moves over all blanks, and tabs where RFC 9651 allows them. */
  skipBlanks(blanks: ' ' | ' \t'): void {
    while (!this.ended && blanks.includes(this.next)) this.at += 1;
  }

  /** What the sticky pattern matches here; moves behind it. */
  take(pattern: RegExp): string {
    pattern.lastIndex = this.at;
    const [found] = pattern.exec(this.text) ?? [];
    if (found === undefined) throw new FieldSyntaxError();
    this.at += found.length;
    return found;
  }
}
