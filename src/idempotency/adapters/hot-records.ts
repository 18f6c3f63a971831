import type { Hot, HotKey } from '#src/storage/index.js';
import type { AttemptName } from '../attempt.policy.js';
import { LEASE_MS } from '../claim.policy.js';
import { type Arrival, type Claimed, type Held, RetryRecords } from '../records.port.js';

/** How long after its end a request that named itself by its content is remembered, ms. */
const RETRY_WINDOW_MS = 120_000;

/** As long as a connection may take to turn out broken. Later the same request is another call, made on purpose, ms. */
const DELIVERED_MS = 5_000;
/** Longer than who waits takes to look again, ms. */
const AWAITED_MS = 2_000;

const MAX_BODY_BYTES = 262_144;
const HOLDER_BYTES = 36;
const RUNNING = 0;
const STORED = 1;

interface Entry {
  readonly holder: string;
  readonly answer: Uint8Array | undefined;
}

/** A name is the request itself, so nothing else can stand under it. */
export class HotRecords extends RetryRecords {
  readonly maxBodyBytes = MAX_BODY_BYTES;

  constructor(
    private readonly hot: Hot,
    private readonly leaseMs: number = LEASE_MS,
  ) {
    super();
  }

  async claim({ name, holder }: Held): Promise<Claimed> {
    const key = keyOf(name);
    if (await this.hot.setIfAbsent(key, encode({ holder, answer: undefined }), this.leaseMs)) return { state: 'mine' };
    const found = await this.find(key);
    if (found?.answer === undefined) {
      await this.hot.set(awaitedKeyOf(name), new Uint8Array(), AWAITED_MS);
      return { state: 'running' };
    }
    return { state: 'stored', answer: found.answer, holder: found.holder };
  }

  replace({ name, holder }: Held, answer: Uint8Array | undefined, arrival: Arrival = 'in doubt'): Promise<void> {
    const windowMs = arrival === 'delivered' ? DELIVERED_MS : RETRY_WINDOW_MS;
    return this.hot.set(keyOf(name), encode({ holder, answer }), answer === undefined ? this.leaseMs : windowMs);
  }

  async delivered(name: AttemptName): Promise<void> {
    const found = await this.find(keyOf(name));
    if (found?.answer === undefined) return;
    const { holder, answer } = found;
    await this.replace({ name, holder }, answer, 'delivered');
  }

  async isAwaited(name: AttemptName): Promise<boolean> {
    return (await this.hot.get(awaitedKeyOf(name))) !== undefined;
  }

  async keep(held: Held, answer: Uint8Array): Promise<void> {
    if (await this.holds(held)) await this.replace(held, answer);
  }

  async free(held: Held): Promise<void> {
    const found = await this.find(keyOf(held.name));
    if (found?.holder === held.holder) await this.hot.delete(keyOf(held.name));
  }

  async renew(held: readonly Held[]): Promise<void> {
    await Promise.all(
      held.map(async (each) => {
        if (await this.holds(each)) await this.replace(each, undefined);
      }),
    );
  }

  private async holds({ name, holder }: Held): Promise<boolean> {
    const found = await this.find(keyOf(name));
    return found !== undefined && found.holder === holder && found.answer === undefined;
  }

  private async find(key: HotKey): Promise<Entry | undefined> {
    const bytes = await this.hot.get(key);
    return bytes === undefined ? undefined : decode(bytes);
  }
}

const keyOf = ({ tenantId, id }: AttemptName): HotKey => ({ tenant: tenantId, area: 'idempotency', id });
const awaitedKeyOf = ({ tenantId, id }: AttemptName) => keyOf({ tenantId, id: `${id}/awaited`, fingerprint: '' });

/** Whether it is stored, who holds it (a UUID), the answer. */
const encode = ({ holder, answer }: Entry): Uint8Array =>
  Buffer.concat([
    Uint8Array.of(answer === undefined ? RUNNING : STORED),
    Buffer.from(holder),
    answer ?? new Uint8Array(),
  ]);

function decode(bytes: Uint8Array): Entry {
  const answerAt = 1 + HOLDER_BYTES;
  return {
    holder: Buffer.from(bytes.subarray(1, answerAt)).toString('latin1'),
    answer: bytes[0] === STORED ? bytes.subarray(answerAt) : undefined,
  };
}
