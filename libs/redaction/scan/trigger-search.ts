import { isDigit } from './units.js';

/** Units encoded at a time: they stay in the fastest cache, and a match seldom makes more of them vain. */
const BLOCK = 4_096;
/** UTF-8 takes three bytes for a unit at most: a pair of surrogates takes four. */
const MAX_BYTES = 3;
/** Below so many units the call to the encoder costs more than it saves. */
const WORTHWHILE = 64;

const ASCII_END = 0x80;
const LEAD_START = 0xc0;
const LEAD_OF_FOUR = 0xf0;
const BYTE_VALUES = 256;

/** What a byte means for the search; most mean nothing. */
const NOTHING = 0;
const TRIGGER = 1;
/** A trigger when no digit stands before it. */
const DIGIT = 4;
/** A trigger when one of its followers stands behind it. */
const FIRST_OF_TWO = 5;
/** Not the first byte of its character: counts no unit. */
const CONTINUATION = 2;
/** First byte of a character that is a pair of surrogates: counts two units. */
const PAIR = 3;

/** The characters of which one has to stand behind a trigger. */
export type Followers = 'any' | string;

const utf8 = new TextEncoder();

/**
 * Finds the characters at which detectors look, which are ASCII. Reading bytes is several times as fast as reading the
 * units of a string, so the text is encoded block by block and the index of the unit is counted along.
 */
export class TriggerSearch {
  private readonly meanings: Uint8Array;
  /** 1 at each trigger and follower that belong together. */
  private readonly pairs = new Uint8Array(ASCII_END * ASCII_END);
  private readonly bytes = new Uint8Array(BLOCK * MAX_BYTES);
  private text = '';
  private written = 0;
  private byte = 0;
  /** What is added to the place of a byte in the block for the index of its unit in the text. */
  private shift = 0;
  /** Where the next block begins. */
  private blockEnd = 0;

  /** @param followers by ASCII unit; `undefined` for those that are no triggers */
  constructor(followers: readonly (Followers | undefined)[]) {
    this.meanings = Uint8Array.from({ length: BYTE_VALUES }, (_, byte) => meaningOfByte(byte, followers));
    followers.forEach((characters, unit) => {
      for (const follower of characters === 'any' ? '' : (characters ?? ''))
        this.pairs[unit * ASCII_END + follower.charCodeAt(0)] = 1;
    });
  }

  /** Begins with another text. */
  open(text: string, from: number): void {
    this.text = text;
    this.skipTo(from);
  }

  /** The index of the first trigger at `from` or later, or the length of the text. Never goes back. */
  next(from: number): number {
    if (this.text.length - from < WORTHWHILE) return this.nextUnit(from);
    if (from >= this.blockEnd) this.skipTo(from);
    for (;;) {
      const found = this.nextInBlock(from);
      if (found !== undefined) return found;
      if (this.blockEnd === this.text.length) return this.blockEnd;
      this.encodeBlock();
    }
  }

  private nextUnit(from: number): number {
    const { meanings, text } = this;
    let index = from;
    for (; index < text.length; index += 1) {
      const unit = text.charCodeAt(index);
      if (unit < ASCII_END && meanings[unit] !== NOTHING) return index;
    }
    return index;
  }

  private nextInBlock(from: number): number | undefined {
    const { meanings, bytes, written } = this;
    let { byte, shift } = this;
    for (; byte < written; byte += 1) {
      const meaning = meanings[bytes[byte] as number];
      if (meaning === NOTHING) continue;
      if (meaning === CONTINUATION) shift -= 1;
      else if (meaning === PAIR) shift += 1;
      else if (byte + shift >= from && this.counts(byte)) break;
    }
    this.byte = byte;
    this.shift = shift;
    return byte < written ? byte + shift : undefined;
  }

  /** Whether the trigger at this byte is one with its neighbours. What the block does not show is taken for right. */
  private counts(byte: number): boolean {
    const { bytes, meanings, written } = this;
    const value = bytes[byte] ?? 0;
    const meaning = meanings[value];
    if (meaning === DIGIT) return byte === 0 || meanings[bytes[byte - 1] ?? 0] !== DIGIT;
    if (meaning !== FIRST_OF_TWO || byte + 1 === written) return true;
    const next = bytes[byte + 1] ?? 0;
    return next < ASCII_END && this.pairs[value * ASCII_END + next] === 1;
  }

  private skipTo(from: number): void {
    this.written = 0;
    this.byte = 0;
    this.blockEnd = from;
  }

  /** Halves of a pair that the end of the block parts are encoded as one character each, which counts right too. */
  private encodeBlock(): void {
    const start = this.blockEnd;
    this.blockEnd = Math.min(start + BLOCK, this.text.length);
    this.written = utf8.encodeInto(this.text.slice(start, this.blockEnd), this.bytes).written;
    this.byte = 0;
    this.shift = start;
  }
}

function meaningOfByte(byte: number, followers: readonly (Followers | undefined)[]): number {
  if (byte >= LEAD_START) return byte < LEAD_OF_FOUR ? NOTHING : PAIR;
  if (byte >= ASCII_END) return CONTINUATION;
  if (followers[byte] === undefined) return NOTHING;
  if (isDigit(byte)) return DIGIT;
  return followers[byte] === 'any' ? TRIGGER : FIRST_OF_TWO;
}
