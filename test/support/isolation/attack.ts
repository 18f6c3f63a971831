import { type ApiDocument, type Operation, operationsOf } from '../operations.ts';
import type { Caller, Callers } from './callers.ts';
import { Estate, KINDS, type Kind, type Thing } from './estate.ts';
import { type Answer, type Asked, exchange } from './exchange.ts';
import { PLANTED_WORD } from './model.ts';
import { type Guarded, guardedOf } from './places.ts';

/** What a part of the attack found, a sentence each. */
export type Breaches = readonly string[];

/** A part of the attack. */
export type Phase = (attack: Attack) => Promise<Breaches>;

/** Requests at a time. */
const WIDTH = 12;

/** One attack on a service that listens: everything the owner has there, and everybody who tries to get at it. */
export class Attack {
  /** Requests sent so far by others than the owner. */
  attempts = 0;
  readonly guarded: readonly Guarded[];
  private before: ReadonlyMap<Kind, string> = new Map();

  private constructor(
    private readonly url: string,
    readonly callers: Callers,
    readonly operations: readonly Operation[],
    readonly things: ReadonlyMap<Kind, Thing>,
  ) {
    this.guarded = guardedOf(operations);
  }

  /**
   * Reads the document, and lets the owner make one thing of every kind.
   *
   * @param only the operation to attack; all of them when left out
   */
  static async on(url: string, callers: Callers, only?: string): Promise<Attack> {
    const document = (await (await fetch(`${url}/documentation/json`)).json()) as ApiDocument;
    const operations = operationsOf(document).filter(({ name }) => only === undefined || name === only);
    const estate = new Estate(url, callers.owner);
    const things = new Map(await Promise.all(KINDS.map(async (kind) => [kind, await estate.make(kind)] as const)));
    const attack = new Attack(url, callers, operations, things);
    attack.before = await attack.state();
    return attack;
  }

  /** Something more of the owner's. */
  make(kind: Kind): Promise<Thing> {
    return new Estate(this.url, this.callers.owner).make(kind);
  }

  send(asked: Asked, as: Caller): Promise<Answer> {
    if (as !== this.callers.owner) this.attempts += 1;
    return exchange(this.url, asked, as);
  }

  /** Words of the owner's that an answer gives away, a sentence each. */
  told({ text, headers }: Answer, more: readonly string[] = []): Breaches {
    const said = text + [...headers.values()].join('\n');
    const names = [...this.things.values()].map(({ name }) => name);
    return [PLANTED_WORD, ...names, ...more].filter((word) => said.includes(word)).map((word) => `tells ${word}`);
  }

  /** What became of the owner's things since the attack began. */
  async harm(): Promise<Breaches> {
    const now = await this.state();
    return KINDS.filter((kind) => now.get(kind) !== this.before.get(kind)).map(
      (kind) => `the ${kind} of the owner was ${this.before.get(kind)} and is ${now.get(kind)}`,
    );
  }

  private async state(): Promise<ReadonlyMap<Kind, string>> {
    const look = async (kind: Kind): Promise<string> => (await this.things.get(kind)?.state?.()) ?? '';
    return new Map(await Promise.all(KINDS.map(async (kind) => [kind, await look(kind).catch(String)] as const)));
  }
}

/** Runs tries a few at a time; what they found, in their order. */
export async function together(tries: readonly (() => Promise<Breaches>)[]): Promise<Breaches> {
  const found: Breaches[] = [];
  const rest = tries.entries();
  const work = async (): Promise<void> => {
    for (const [at, next] of rest) found[at] = await next();
  };
  await Promise.all(Array.from({ length: WIDTH }, work));
  return found.flat();
}
