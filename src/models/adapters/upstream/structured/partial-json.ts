type Frame =
  | { readonly kind: 'array'; readonly visible: boolean; readonly items: unknown[] }
  | {
      readonly kind: 'object';
      readonly visible: boolean;
      readonly members: Record<string, unknown>;
      size: number;
      key: string;
    };

const MAX_DEPTH = 64;
const SPACE = /[^\s,:]/g;
const STRING_STOP = /["\\]/g;
const LITERAL_STOP = /[\s,:[\]{}"]/g;

/**
 * Reads JSON text as it grows, each character once. What it shows is whole: every element of a shown array and every
 * shown member is complete; an object or array that is still open is shown only where it is a member, not an element.
 * It is tolerant, not a validator: text before the first bracket is skipped, and on nonsense it stops growing.
 */
export class PartialJson {
  private readonly stack: Frame[] = [];
  private state: 'before' | 'inside' | 'string' | 'literal' | 'over' = 'before';
  private pieces: string[] = [];
  private escaped = false;
  private root: unknown;

  /** @returns whether the shown value grew */
  push(text: string): boolean {
    let grew = false;
    for (let at = 0; at < text.length && this.state !== 'over'; ) {
      const step = this.step(text, at);
      at = step.next;
      grew = step.grew || grew;
    }
    return grew;
  }

  /** The whole value has been read, or nothing more can be. */
  get over(): boolean {
    return this.state === 'over';
  }

  /** Entries a snapshot copies: the price of the next one. */
  get shown(): number {
    let entries = 1;
    for (const frame of this.stack)
      if (frame.visible) entries += frame.kind === 'array' ? frame.items.length : frame.size;
    return entries;
  }

  /** What is whole so far; later reading never changes a snapshot. `undefined` before the first bracket. */
  snapshot(): unknown {
    let inner: { readonly value: unknown } | undefined;
    for (const frame of this.stack.filter(({ visible }) => visible).reverse()) {
      inner = { value: frame.kind === 'array' ? [...frame.items] : opened(frame, inner) };
    }
    return inner === undefined ? this.root : inner.value;
  }

  private step(text: string, at: number): { next: number; grew: boolean } {
    if (this.state === 'string') return this.readString(text, at);
    if (this.state === 'literal') return this.readLiteral(text, at);
    const next = nextMatch(SPACE, text, at);
    if (next === undefined) return { next: text.length, grew: false };
    return { next: next + 1, grew: this.open(text, next) };
  }

  /** A character that begins or ends something. */
  private open(text: string, at: number): boolean {
    const mark = text[at] ?? '';
    if (mark === '{' || mark === '[') return this.enter(mark);
    if (this.state === 'before') return false;
    if (mark === '}' || mark === ']') return this.close(mark);
    if (mark === '"') this.state = 'string';
    else {
      this.state = 'literal';
      this.pieces.push(mark);
    }
    return false;
  }

  private enter(mark: '{' | '['): boolean {
    const parent = this.stack.at(-1);
    const visible = parent === undefined || (parent.visible && parent.kind === 'object');
    if (this.stack.length >= MAX_DEPTH) return this.stop();
    this.state = 'inside';
    if (mark === '[') this.stack.push({ kind: 'array', visible, items: [] });
    else this.stack.push({ kind: 'object', visible, members: {}, size: 0, key: '' });
    return false;
  }

  private close(mark: '}' | ']'): boolean {
    const frame = this.stack.pop();
    if (frame === undefined || (frame.kind === 'array') !== (mark === ']')) return this.stop();
    const value = frame.kind === 'array' ? frame.items : frame.members;
    if (this.stack.length > 0) return this.add(value);
    this.root = value;
    this.stop();
    return true;
  }

  private readString(text: string, at: number): { next: number; grew: boolean } {
    if (this.escaped) {
      this.escaped = false;
      this.pieces.push(text[at] ?? '');
      return { next: at + 1, grew: false };
    }
    const end = nextMatch(STRING_STOP, text, at) ?? text.length;
    this.pieces.push(text.slice(at, end));
    if (end === text.length) return { next: end, grew: false };
    if (text[end] === '\\') {
      this.escaped = true;
      this.pieces.push('\\');
      return { next: end + 1, grew: false };
    }
    return { next: end + 1, grew: this.finish(`"${this.pieces.join('')}"`) };
  }

  private readLiteral(text: string, at: number): { next: number; grew: boolean } {
    const end = nextMatch(LITERAL_STOP, text, at) ?? text.length;
    this.pieces.push(text.slice(at, end));
    return { next: end, grew: end < text.length && this.finish(this.pieces.join('')) };
  }

  private finish(json: string): boolean {
    this.pieces = [];
    this.state = 'inside';
    const value = scalar(json);
    return value === undefined ? this.stop() : this.add(value);
  }

  private add(value: unknown): boolean {
    const frame = this.stack.at(-1);
    if (frame === undefined) return this.stop();
    if (frame.kind === 'array') frame.items.push(value);
    else if (frame.key === '') return this.name(frame, value);
    else {
      // The key carries a mark, so that an empty one is told from none; `__proto__` is data here, nothing else.
      Object.defineProperty(frame.members, frame.key.slice(1), {
        value,
        enumerable: true,
        writable: true,
        configurable: true,
      });
      frame.size += 1;
      frame.key = '';
    }
    return frame.visible;
  }

  private name(frame: Extract<Frame, { kind: 'object' }>, value: unknown): boolean {
    if (typeof value !== 'string') return this.stop();
    frame.key = `=${value}`;
    return false;
  }

  private stop(): false {
    this.state = 'over';
    return false;
  }
}

const opened = (frame: Extract<Frame, { kind: 'object' }>, inner: { readonly value: unknown } | undefined): unknown =>
  inner === undefined || frame.key === ''
    ? { ...frame.members }
    : { ...frame.members, [frame.key.slice(1)]: inner.value };

function nextMatch(pattern: RegExp, text: string, from: number): number | undefined {
  pattern.lastIndex = from;
  return pattern.exec(text)?.index;
}

function scalar(json: string): unknown {
  try {
    return JSON.parse(json);
  } catch {
    return undefined;
  }
}
