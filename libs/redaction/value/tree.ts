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

/** A redacted copy of a JSON value. */
export function redactTree(value: unknown, rules: TreeRules): RedactedTree {
  const walk = new Walk(rules);
  return { value: walk.copy(value, '', 0), counts: walk.counts };
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

  /** @param name of the member that the value belongs to, itself or within arrays */
  copy(value: unknown, name: string, depth: number): unknown {
    this.values += 1;
    if (typeof value === 'string') return this.copyText(value, name);
    if (typeof value === 'number' || typeof value === 'bigint') return this.copyNumber(value, name);
    if (typeof value !== 'object' || value === null) return value;
    if (depth >= MAX_DEPTH || this.values > MAX_VALUES) return this.mask('uninspected');
    if (Array.isArray(value)) return value.map((item) => this.copy(item, name, depth + 1));
    return isRecord(value) ? this.copyRecord(value, depth) : this.mask('uninspected');
  }

  /** Members are defined, never assigned: one called `__proto__` stays a member. */
  private copyRecord(record: object, depth: number): unknown {
    return Object.fromEntries(Object.entries(record).map(([name, item]) => [name, this.copy(item, name, depth + 1)]));
  }

  private copyText(text: string, name: string): string {
    const kind = kindOfName(name, this.rules.mode);
    if (kind === undefined) return this.scan(text, name);
    return text === '' || REDACTED.test(text) ? text : this.mask(kind);
  }

  /** A number that is to be redacted becomes a string. */
  private copyNumber(value: number | bigint, name: string): unknown {
    const kind = kindOfName(name, this.rules.mode);
    if (kind !== undefined) return this.mask(kind);
    if (value < MIN_NUMBER) return value;
    const text = String(value);
    const redacted = this.scan(text, name);
    return redacted === text ? value : redacted;
  }

  /** The name is read as if it stood before the text, so that `{"phone": "4155552671"}` is as clear as in a sentence. */
  private scan(text: string, name: string): string {
    const scanner = new Scanner(this.rules.triggers, name === '' ? '' : `${name}: `);
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
