import { createSecretKey, type KeyObject } from 'node:crypto';
import { inspect } from 'node:util';

/** Holds a secret so that printing, serialising or inspecting it shows nothing. */
export class Secret {
  readonly #value: string;

  constructor(value: string) {
    this.#value = value;
  }

  /** The text itself, for the moment it is used. */
  reveal(): string {
    return this.#value;
  }

  /** The UTF-8 bytes as a key for `node:crypto`. */
  key(): KeyObject {
    return createSecretKey(this.#value, 'utf8');
  }

  toString(): string {
    return '[secret]';
  }

  toJSON(): string {
    return '[secret]';
  }

  [inspect.custom](): string {
    return '[secret]';
  }
}
