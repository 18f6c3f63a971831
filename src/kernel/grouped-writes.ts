import { setImmediate as endOfTurn } from 'node:timers/promises';

/** What one write takes. */
export interface WriteBounds<Item> {
  readonly weigh: (item: Item) => number;
  /** An item that is heavier goes alone. */
  readonly most: number;
}

interface Group<Item, Outcome> {
  readonly items: Item[];
  weight: number;
  readonly written: Promise<Outcome>;
}

/**
 * Items that come within one turn of the process, or while others of their key are being written, share the next write of
 * that key. However many come, a key has one write under way.
 *
 * What waits behind a write that fails fails with it, untried: it has waited long enough for whoever does not answer.
 */
export class GroupedWrites<Item, Outcome> {
  private readonly open = new Map<string, Group<Item, Outcome>>();
  private readonly last = new Map<string, Promise<Outcome>>();

  /** @param write called with the items of a key, in the order in which they came */
  constructor(
    private readonly write: (key: string, items: readonly Item[]) => Promise<Outcome>,
    private readonly bounds: WriteBounds<Item>,
  ) {}

  /** @returns what the write of its group came to */
  add(key: string, item: Item): Promise<Outcome> {
    const weight = this.bounds.weigh(item);
    const open = this.open.get(key);
    const group = open !== undefined && open.weight + weight <= this.bounds.most ? open : this.begin(key);
    group.items.push(item);
    group.weight += weight;
    return group.written;
  }

  private begin(key: string): Group<Item, Outcome> {
    const before = this.last.get(key) ?? endOfTurn();
    const written = before.then(() => {
      this.close(key, group);
      return this.write(key, group.items);
    });
    const group: Group<Item, Outcome> = { items: [], weight: 0, written };
    this.open.set(key, group);
    this.last.set(key, written);
    const over = (): void => {
      this.close(key, group);
      if (this.last.get(key) === written) this.last.delete(key);
    };
    written.then(over, over);
    return group;
  }

  private close(key: string, group: Group<Item, Outcome>): void {
    if (this.open.get(key) === group) this.open.delete(key);
  }
}
