import { HotRecords } from '#src/idempotency/adapters/hot-records.js';
import type { Answer } from '#src/idempotency/answer.policy.js';
import type { Attempt } from '#src/idempotency/attempt.policy.js';
import { Claims } from '#src/idempotency/claims.service.js';
import { Executions } from '#src/idempotency/executions.service.js';
import { type Claimed, type Held, KeyRecords } from '#src/idempotency/records.port.js';
import { type Admission, Repeats } from '#src/idempotency/repeats.service.js';
import { StreamSource } from '#src/idempotency/stream-source.port.js';
import { MemoryHot } from '#src/storage/adapters/memory-hot.js';
import type { Hot } from '#src/storage/index.js';
import { FakeClock } from './fake-clock.ts';
import { QuietLog } from './quiet-log.ts';
import { unavailable } from './unavailable.ts';

/** Records of keys in memory, that can be away. */
class SwitchableRecords extends KeyRecords {
  readonly maxBodyBytes = 1_000;
  available = true;
  private readonly inner: HotRecords;

  constructor(hot: Hot) {
    super();
    this.inner = new HotRecords(hot);
  }

  claim = async (held: Held): Promise<Claimed> => this.present().claim(held);
  keep = async (held: Held, answer: Uint8Array): Promise<void> => this.present().keep(held, answer);
  free = async (held: Held): Promise<void> => this.present().free(held);
  renew = async (held: readonly Held[]): Promise<void> => this.present().renew(held);
  sweep = async (): Promise<void> => undefined;

  private present(): HotRecords {
    if (!this.available) throw unavailable();
    return this.inner;
  }
}

/** Streams by id: their bytes, or `undefined` for one of which nothing is left. */
class KnownStreams extends StreamSource {
  readonly streams = new Map<string, AsyncIterable<Uint8Array> | undefined>();
  again = async (streamId: string): Promise<AsyncIterable<Uint8Array> | undefined> => this.streams.get(streamId);
}

/** Instances that share their stores and a clock. */
export class RepeatWorld {
  readonly clock = new FakeClock();
  readonly streams = new KnownStreams();
  private readonly limits = { valueBytes: 1_000_000, logBytes: 1_000 };
  private readonly hot = new MemoryHot(this.clock, new QuietLog(), this.limits);
  readonly records = new SwitchableRecords(new MemoryHot(this.clock, new QuietLog(), this.limits));

  instance(): RepeatInstance {
    const executions = new Executions(this.clock, new QuietLog());
    executions.onModuleInit();
    const claims = new Claims(executions, this.records, new HotRecords(this.hot));
    return new RepeatInstance(executions, claims, new Repeats(claims, this.streams, this.clock));
  }
}

export class RepeatInstance {
  constructor(
    readonly executions: Executions,
    readonly claims: Claims,
    readonly repeats: Repeats,
  ) {}

  admit(attempt: Attempt, gone: AbortSignal = new AbortController().signal): Promise<Admission> {
    return this.repeats.admit(attempt, gone);
  }

  /** Admits the first of its kind. */
  async run(attempt: Attempt) {
    const admission = await this.admit(attempt);
    if (admission.outcome !== 'run' || admission.execution === undefined) throw new Error('It did not run');
    return admission.execution;
  }

  /** The process is gone: it renews nothing any more. */
  die(): void {
    this.executions.onModuleDestroy();
  }
}

export const attemptOf = (changed: Partial<Attempt>): Attempt => ({
  ...{ tenantId: 'acme', principalId: 'p', route: '/r', method: 'POST', target: '/r', form: 'whole', key: 'k' },
  ...{ body: Buffer.from('{}'), ...changed },
});

export const answered = (text: string, status = 200): Answer => ({
  ...{ status, headers: { 'content-type': 'text/plain' }, body: Buffer.from(text), streamId: undefined },
});

export const streamed = (streamId: string): Answer => ({ status: 200, headers: {}, body: undefined, streamId });
