import { Injectable, type OnModuleDestroy, type OnModuleInit } from '@nestjs/common';
import { and, eq, inArray, lt, sql } from 'drizzle-orm';
import { AppError, Clock, isUnavailable, type Stop } from '#src/kernel/index.js';
import { Sql, type Tx } from '#src/storage/index.js';
import type { StreamOwner } from '#src/streaming/index.js';
import type { Item } from './item.schema.js';
import type { ResponseView } from './response.schema.js';
import { RESPONSE_ID } from './response-ids.policy.js';
import { type ResponseRow, responses } from './responses.table.js';
import { rowOf, type StoredResponse, storedOf } from './stored-response.js';

const DAY_MS = 86_400_000;
/** As long as OpenAI keeps them. */
const LIFE_MS = 30 * DAY_MS;
const SWEEP_MS = 600_000;
const NOTE_AGAIN_MS = 1_000;
/** Longest conversation, in responses and in JSON characters. */
const MOST_BEFORE = 200;
const LONGEST_BEFORE = 16_777_216;

/** Responses that are kept, each for its owner alone. */
@Injectable()
export class ResponseStore implements OnModuleInit, OnModuleDestroy {
  private stopSweeping: Stop | undefined;

  constructor(
    private readonly sql: Sql,
    private readonly clock: Clock,
  ) {}

  onModuleInit(): void {
    // What cannot be deleted now is deleted next time; nothing reads it meanwhile.
    this.stopSweeping = this.clock.every(SWEEP_MS, () => void this.sweep().catch(() => undefined));
  }

  onModuleDestroy(): void {
    this.stopSweeping?.();
  }

  /** @param also written in the same transaction */
  add(stored: StoredResponse, also?: (tx: Tx) => Promise<void>): Promise<void> {
    return this.sql.tenant(stored.owner.tenantId, async (tx) => {
      await this.insert(tx, stored);
      await also?.(tx);
    });
  }

  async insert(tx: Tx, stored: StoredResponse): Promise<void> {
    await tx.insert(responses).values(rowOf(stored, stored.createdAt + LIFE_MS));
  }

  /** Writes how far a response is; one that was deleted stays so. */
  async update(tx: Tx, owner: StreamOwner, answer: ResponseView): Promise<void> {
    const change = { status: answer.status, answer: JSON.stringify(answer) };
    await tx.update(responses).set(change).where(own(owner, answer.id));
  }

  /** @throws {AppError} `DEPENDENCY_UNAVAILABLE` */
  save(owner: StreamOwner, answer: ResponseView): Promise<void> {
    return this.sql.tenant(owner.tenantId, (tx) => this.update(tx, owner, answer));
  }

  /**
   * Notes that the words of a response are told from now on: whoever takes it up cannot begin it again. A database that is
   * away is waited for, since the model is paid for those words.
   *
   * @param signal aborts when they are told to nobody any more
   * @throws {AppError} `DEPENDENCY_UNAVAILABLE` then
   */
  async noteTold(owner: StreamOwner, begun: ResponseView, signal: AbortSignal): Promise<void> {
    const told = { told: true, status: begun.status, answer: JSON.stringify(begun) };
    for (;;) {
      try {
        return await this.change(owner, begun.id, told);
      } catch (error) {
        if (!isUnavailable(error) || signal.aborted) throw error;
        await this.clock.sleep(NOTE_AGAIN_MS, signal);
      }
    }
  }

  /** Notes in which log a response is told now. */
  noteStream(owner: StreamOwner, id: string, streamId: string): Promise<void> {
    return this.change(owner, id, { streamId });
  }

  /** @throws {AppError} `NOT_FOUND` also for somebody else's */
  async find(owner: StreamOwner, id: string): Promise<StoredResponse> {
    // A text that is no id may be one that the database does not take.
    const [row] = RESPONSE_ID.test(id) ? await this.rows(owner, [id]) : [];
    if (row === undefined) throw noSuchResponse();
    return storedOf(row);
  }

  async findAll(owner: StreamOwner, ids: readonly string[]): Promise<readonly StoredResponse[]> {
    return ids.length === 0 ? [] : (await this.rows(owner, ids)).map(storedOf);
  }

  /**
   * What was said up to and with a response, oldest first.
   *
   * @throws {AppError} `NOT_FOUND` when it, or one before it, is not kept; `BAD_INPUT` when it is not over, or too long
   */
  async conversation(owner: StreamOwner, id: string): Promise<readonly Item[]> {
    const rows = await this.chain(owner, id);
    const [newest] = rows;
    if (newest === undefined) throw noSuchResponse();
    if (newest.status === 'queued' || newest.status === 'in_progress') throw unfit('The response before is not over');
    const length = rows.reduce((sum, { input, answer }) => sum + input.length + answer.length, 0);
    if (rows.length > MOST_BEFORE || length > LONGEST_BEFORE) throw unfit('The conversation is too long');
    if (rows.at(-1)?.previousId !== null) throw new AppError('NOT_FOUND', 'A response before is not kept any more');
    return rows.toReversed().flatMap((row) => {
      const { input, answer } = storedOf(row);
      return [...input, ...answer.output];
    });
  }

  remove(owner: StreamOwner, id: string): Promise<void> {
    return this.sql.tenant(owner.tenantId, async (tx) => {
      await tx.delete(responses).where(own(owner, id));
    });
  }

  sweep(): Promise<void> {
    return this.sql.system(async (tx) => {
      await tx.delete(responses).where(lt(responses.expiresAt, new Date(this.clock.now())));
    });
  }

  private change(owner: StreamOwner, id: string, change: Partial<ResponseRow>): Promise<void> {
    return this.sql.tenant(owner.tenantId, async (tx) => {
      await tx.update(responses).set(change).where(own(owner, id));
    });
  }

  private rows({ tenantId, principalId }: StreamOwner, ids: readonly string[]): Promise<ResponseRow[]> {
    const owned = and(eq(responses.tenantId, tenantId), eq(responses.principalId, principalId));
    return this.sql.tenant(tenantId, (tx) =>
      tx
        .select()
        .from(responses)
        .where(and(inArray(responses.id, [...ids]), owned)),
    );
  }

  /** Newest first; one more than there may be tells that there are more. */
  private async chain({ tenantId, principalId }: StreamOwner, id: string): Promise<ResponseRow[]> {
    const chain = sql`(WITH RECURSIVE chain (id, previous_id, depth) AS (
      SELECT id, previous_id, 1 FROM ${responses}
      WHERE id = ${id} AND tenant_id = ${tenantId} AND principal_id = ${principalId}
      UNION ALL
      SELECT before.id, before.previous_id, chain.depth + 1 FROM ${responses} AS before
      JOIN chain ON before.id = chain.previous_id AND before.tenant_id = ${tenantId}
        AND before.principal_id = ${principalId}
      WHERE chain.depth <= ${MOST_BEFORE}
    ) SELECT id, depth FROM chain) AS chain`;
    const found = await this.sql.tenant(tenantId, (tx) =>
      tx
        .select({ row: responses })
        .from(responses)
        .innerJoin(chain, sql`chain.id = ${responses.id}`)
        .orderBy(sql`chain.depth`),
    );
    return found.map(({ row }) => row);
  }
}

const own = ({ tenantId, principalId }: StreamOwner, id: string) =>
  and(eq(responses.id, id), eq(responses.tenantId, tenantId), eq(responses.principalId, principalId));

export const noSuchResponse = (): AppError => new AppError('NOT_FOUND', 'No such response');

const unfit = (message: string): AppError =>
  new AppError('BAD_INPUT', message, { errors: [{ path: 'previous_response_id', code: 'invalid', message }] });
