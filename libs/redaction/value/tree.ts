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

export interface TreeRules {
  readonly mode: RedactionMode;
  readonly triggers: Triggers;
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

/** A redacted copy of a JSON value. */
export function redactTree(value: unknown, rules: TreeRules): RedactedTree {
  const walk = new Walk(rules);
  return { value: walk.copy(value, NO_LABEL, 0), counts: walk.counts };
}

class Walk {
  private readonly tally = new Tally();
  private readonly rules: TreeRules;
  private values = 0;

  constructor(rules: TreeRules) {
    this.rules = rules;
  }

  get counts(): RedactionCounts {
    return this.tally.counts();
  }

  /** @param label of the member that the value belongs to, itself or within arrays */
  copy(value: unknown, label: Label, depth: number): unknown {
    this.values += 1;
    if (typeof value === 'string') return this.copyText(value, label);
    if (typeof value === 'number' || typeof value === 'bigint') return this.copyNumber(value, label);
    if (typeof value !== 'object' || value === null) return value;
    if (depth >= MAX_DEPTH || this.values > MAX_VALUES) return this.mask('uninspected');
    if (Array.isArray(value)) return value.map((item) => this.copy(item, label, depth + 1));
    return isRecord(value) ? this.copyRecord(value, depth) : this.mask('uninspected');
  }

  /** Members are defined, never assigned: one called `__proto__` stays a member. */
  private copyRecord(record: object, depth: number): unknown {
    return Object.fromEntries(
      Object.entries(record).map(([name, item]) => [name, this.copy(item, this.labelOf(name), depth + 1)]),
    );
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
    const redacted = scanner.feed(text, true);
    this.tally.addAll(scanner.counts);
    return redacted;
  }

  private mask(kind: RedactionKind): string {
    this.tally.add(kind);
    return placeholder(kind);
  }
}

/** Dates, maps and the like are no JSON: what they hold cannot be seen here. */
const isRecord = (value: object): boolean => Object.prototype.toString.call(value) === '[object Object]';
