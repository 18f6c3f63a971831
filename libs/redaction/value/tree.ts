import { placeholder, type RedactionCounts, type RedactionKind, type RedactionMode, Tally } from '../kinds.js';
import { Scanner } from '../scan/scanner.js';
import type { Triggers } from '../scan/triggers.js';
import { kindOfName } from './field-names.js';

/** Deeper than any document a person or a model writes, and far from the end of the stack. */
const MAX_DEPTH = 64;
/** A request of some megabytes has fewer; a value that contains itself has more. */
const MAX_VALUES = 1_000_000;
/** Shorter numbers are none of what is looked for. */
const MIN_NUMBER = 1_000_000;
const REDACTED = /^\[redacted:[a-z_]+\]$/;

/** Work done between two steps, in units of text: about a millisecond. */
const STEP_WORK = 50_000;
/** What a value costs however short it is, in the same units. */
const VALUE_WORK = 64;

export interface TreeRules {
  readonly mode: RedactionMode;
  readonly triggers: Triggers;
  /** What becomes of the names of members. */
  readonly names: 'kept' | 'redacted';
}

export interface RedactedTree {
  readonly value: unknown;
  readonly counts: RedactionCounts;
}

/** What the name of a member says of its value, worked out once however many items an array in it has: a name may be long. */
interface Label {
  readonly kind: RedactionKind | undefined;
  /** The name is read as if it stood before the text, so that `{"phone": "4155552671"}` is as clear as in a sentence. */
  readonly context: string;
}

const NO_LABEL: Label = { kind: undefined, context: '' };

/** A redacted copy of a JSON value, made in short steps: whoever takes them lets others work in between. */
export function* redactTree(value: unknown, rules: TreeRules): Generator<undefined, RedactedTree> {
  const walk = new Walk(rules);
  return { value: yield* walk.copy(value), counts: walk.counts };
}

class Walk {
  private readonly tally = new Tally();
  private readonly rules: TreeRules;
  private values = 0;
  private work = 0;

  constructor(rules: TreeRules) {
    this.rules = rules;
  }

  get counts(): RedactionCounts {
    return this.tally.counts();
  }

  *copy(value: unknown): Generator<undefined, unknown> {
    return isContainer(value) ? yield* this.copyContainer(value, NO_LABEL, 0) : this.copyLeaf(value, NO_LABEL);
  }

  /** @param label of the member that the value belongs to, itself or within arrays */
  private *copyContainer(value: object, label: Label, depth: number): Generator<undefined, unknown> {
    this.countValue();
    if (depth >= MAX_DEPTH || this.values > MAX_VALUES) return this.mask('uninspected');
    if (Array.isArray(value)) return yield* this.copyList(value, label, depth + 1);
    return isRecord(value) ? yield* this.copyRecord(value, depth + 1) : this.mask('uninspected');
  }

  private *copyList(items: readonly unknown[], label: Label, depth: number): Generator<undefined, unknown> {
    const copies: unknown[] = [];
    for (const item of items) {
      copies.push(isContainer(item) ? yield* this.copyContainer(item, label, depth) : this.copyLeaf(item, label));
      if (this.isDue()) yield;
    }
    return copies;
  }

  /** Members are defined, never assigned: one called `__proto__` stays a member. */
  private *copyRecord(record: object, depth: number): Generator<undefined, unknown> {
    const copies = new Map<string, unknown>();
    for (const [name, item] of Object.entries(record)) {
      const label = this.labelOf(name);
      const copy = isContainer(item) ? yield* this.copyContainer(item, label, depth) : this.copyLeaf(item, label);
      copies.set(this.nameOf(name, copies), copy);
      if (this.isDue()) yield;
    }
    return Object.fromEntries(copies);
  }

  private copyLeaf(value: unknown, label: Label): unknown {
    this.countValue();
    if (typeof value === 'string') return this.copyText(value, label);
    return typeof value === 'number' || typeof value === 'bigint' ? this.copyNumber(value, label) : value;
  }

  private countValue(): void {
    this.values += 1;
    this.work += VALUE_WORK;
  }

  private isDue(): boolean {
    if (this.work < STEP_WORK) return false;
    this.work = 0;
    return true;
  }

  /** Two names that become one are told apart by a number: nothing is lost. */
  private nameOf(name: string, taken: ReadonlyMap<string, unknown>): string {
    if (this.rules.names === 'kept') return name;
    const redacted = this.scan(name, NO_LABEL);
    if (redacted === name) return name;
    let unique = redacted;
    for (let number = 2; taken.has(unique); number += 1) unique = `${redacted} ${number}`;
    return unique;
  }

  private labelOf(name: string): Label {
    return name === '' ? NO_LABEL : { kind: kindOfName(name, this.rules.mode), context: `${name}: ` };
  }

  private copyText(text: string, label: Label): string {
    if (label.kind === undefined) return this.scan(text, label);
    return text === '' || REDACTED.test(text) ? text : this.mask(label.kind);
  }

  /** A number that is to be redacted becomes a string. */
  private copyNumber(value: number | bigint, label: Label): unknown {
    if (label.kind !== undefined) return this.mask(label.kind);
    if (value < MIN_NUMBER) return value;
    const text = String(value);
    const redacted = this.scan(text, label);
    return redacted === text ? value : redacted;
  }

  private scan(text: string, { context }: Label): string {
    const scanner = new Scanner(this.rules.triggers, context);
    this.work += text.length;
    const redacted = scanner.feed(text, true);
    this.tally.addAll(scanner.counts);
    return redacted;
  }

  private mask(kind: RedactionKind): string {
    this.tally.add(kind);
    return placeholder(kind);
  }
}

const isContainer = (value: unknown): value is object => typeof value === 'object' && value !== null;

/** Dates, maps and the like are no JSON: what they hold cannot be seen here. */
const isRecord = (value: object): boolean => Object.prototype.toString.call(value) === '[object Object]';
