import { randomBytes } from 'node:crypto';
import { LRUCache } from 'lru-cache';
import { type Clock, openBytes, type SealTerms, sealBytes } from '#src/kernel/index.js';
import type { Hot, HotKey } from '#src/storage/index.js';
import type { CacheCounts } from './cache-counts.js';
import type { CacheTerms } from './cache-terms.js';
import type { QuestionName } from './question.policy.js';

/** What an entry costs beside its bytes, about. */
const ENTRY_OVERHEAD = 256;

/** JSON of an answer: whoever reads it makes an answer of his own. */
interface Kept {
  readonly json: string;
  /** Unix ms. */
  readonly until: number;
}

export interface KeptAnswersParts {
  readonly hot: Hot;
  readonly clock: Clock;
  readonly counts: CacheCounts;
  readonly terms: CacheTerms;
}

/** Answers that are kept: in this process, least recently used first to go, and sealed in Redis where there is one. */
export class KeptAnswers {
  private readonly own: LRUCache<string, Kept>;

  constructor(private readonly parts: KeptAnswersParts) {
    const { counts, terms } = parts;
    this.own = new LRUCache({
      maxSize: terms.memoryBytes,
      sizeCalculation: ({ json }) => ENTRY_OVERHEAD + json.length * 2,
      dispose: (_kept, _id, reason) => {
        if (reason === 'evict') counts.evictions += 1;
      },
    });
  }

  get size(): { readonly entries: number; readonly bytes: number } {
    return { entries: this.own.size, bytes: this.own.calculatedSize };
  }

  /** What this process has. */
  find({ id }: QuestionName): string | undefined {
    const kept = this.own.get(id);
    if (kept === undefined || kept.until > this.parts.clock.now()) return kept?.json;
    this.own.delete(id);
    return undefined;
  }

  /** What another process may have kept. A store that does not answer has nothing. */
  async findShared(name: QuestionName): Promise<string | undefined> {
    const sealed = await this.ask((hot) => hot.get(keyOf(name)));
    const opened = sealed && openBytes(sealed, sealTerms(name));
    if (opened === undefined) return undefined;
    const { json, until } = JSON.parse(Buffer.from(opened).toString()) as Kept;
    if (until <= this.parts.clock.now()) return undefined;
    this.own.set(name.id, { json, until });
    return json;
  }

  /** Keeps it here at once, and in the shared store without being waited for. */
  keep(name: QuestionName, json: string): void {
    const { clock, terms } = this.parts;
    if (Buffer.byteLength(json) > terms.entryBytes) return;
    const kept: Kept = { json, until: clock.now() + terms.ttlMs };
    this.own.set(name.id, kept);
    const sealed = sealBytes(Buffer.from(JSON.stringify(kept)), sealTerms(name), randomBytes);
    void this.ask((hot) => hot.set(keyOf(name), sealed, terms.ttlMs));
  }

  /** The store of this process alone would keep everything twice. */
  private async ask<T>(question: (hot: Hot) => Promise<T>): Promise<T | undefined> {
    const { hot, counts } = this.parts;
    if (hot.kind === 'memory') return undefined;
    try {
      return await question(hot);
    } catch {
      counts.storeFailures += 1;
      return undefined;
    }
  }
}

const sealTerms = ({ id, sealingKey }: QuestionName): SealTerms => ({ key: sealingKey, owner: id });

const keyOf = ({ tenantId, id }: QuestionName): HotKey => ({ tenant: tenantId, area: 'cache', id });
