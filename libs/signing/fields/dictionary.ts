import { type BareItem, parseBareItem } from './bare-item.js';
import { FieldSyntaxError, Scanner } from './scanner.js';

/** Parameters in the order they were written. */
export type Parameters = ReadonlyMap<string, BareItem>;

export interface Item {
  readonly kind: 'item';
  readonly value: BareItem;
  readonly parameters: Parameters;
}

export interface InnerList {
  readonly kind: 'list';
  readonly items: readonly Item[];
  readonly parameters: Parameters;
}

export type Dictionary = ReadonlyMap<string, Item | InnerList>;

const KEY = /[a-z*][a-z0-9_\-.*]*/y;
const YES: BareItem = { kind: 'boolean', value: true };

/**
 * A dictionary (RFC 9651 §3.2), or `undefined` when the text is none. Stricter than the RFC in one point: a name that
 * stands twice is refused, where the RFC lets the last one win, because two readers could take different ones.
 */
export function parseDictionary(text: string): Dictionary | undefined {
  try {
    return dictionaryOf(new Scanner(text));
  } catch (error) {
    if (error instanceof FieldSyntaxError) return undefined;
    throw error;
  }
}

function dictionaryOf(scanner: Scanner): Dictionary {
  const members = new Map<string, Item | InnerList>();
  scanner.skipBlanks(' ');
  while (!scanner.ended) {
    add(members, scanner.take(KEY), scanner.skip('=') ? parseMember(scanner) : flag(scanner));
    scanner.skipBlanks(' \t');
    if (scanner.ended) break;
    scanner.expect(',');
    scanner.skipBlanks(' \t');
    if (scanner.ended) throw new FieldSyntaxError();
  }
  return members;
}

const flag = (scanner: Scanner): Item => ({ kind: 'item', value: YES, parameters: parseParameters(scanner) });

const parseMember = (scanner: Scanner): Item | InnerList =>
  scanner.next === '(' ? parseInnerList(scanner) : parseItem(scanner);

const parseItem = (scanner: Scanner): Item => ({
  kind: 'item',
  value: parseBareItem(scanner),
  parameters: parseParameters(scanner),
});

function parseInnerList(scanner: Scanner): InnerList {
  const items: Item[] = [];
  scanner.expect('(');
  scanner.skipBlanks(' ');
  while (!scanner.skip(')')) {
    items.push(parseItem(scanner));
    if (scanner.next !== ')') scanner.expect(' ');
    scanner.skipBlanks(' ');
  }
  return { kind: 'list', items, parameters: parseParameters(scanner) };
}

function parseParameters(scanner: Scanner): Parameters {
  const parameters = new Map<string, BareItem>();
  while (scanner.skip(';')) {
    scanner.skipBlanks(' ');
    add(parameters, scanner.take(KEY), scanner.skip('=') ? parseBareItem(scanner) : YES);
  }
  return parameters;
}

function add<T>(members: Map<string, T>, name: string, value: T): void {
  if (members.has(name)) throw new FieldSyntaxError();
  members.set(name, value);
}
