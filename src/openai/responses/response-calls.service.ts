import { Injectable } from '@nestjs/common';
import { AppError, Clock, Ids } from '#src/kernel/index.js';
import { requestDigest, type StreamOwner } from '#src/streaming/index.js';
import { type ChargedCall, ChargedText } from '../charged-text.service.js';
import type { Item } from './item.schema.js';
import { isReference, itemsOf, keptItems } from './items.policy.js';
import { redactRequest } from './redacted-request.js';
import type { ResponseBirth } from './response.policy.js';
import type { ResponseView } from './response.schema.js';
import { responseOfItem } from './response-ids.policy.js';
import type { ResponseRequest } from './response-request.schema.js';
import { ResponseRun } from './response-run.js';
import { ResponseStore } from './response-store.service.js';
import type { StoredResponse } from './stored-response.js';
import { textRequestOf } from './text-request.policy.js';

/** A response about to be made, for which tokens are reserved. Whoever opens one closes its call. */
export interface OpenResponse {
  readonly owner: StreamOwner;
  readonly runId: string;
  readonly request: ResponseRequest;
  /** Digest of the request, hex, for the record. */
  readonly requestSha256: string;
  readonly run: ResponseRun;
  readonly call: ChargedCall;
  /** As it is kept, in a state. */
  readonly stored: (answer: ResponseView, streamId?: string) => StoredResponse;
}

/** From a request to a model call that is ready to be made. */
@Injectable()
export class ResponseCalls {
  constructor(
    private readonly store: ResponseStore,
    private readonly texts: ChargedText,
    private readonly ids: Ids,
    private readonly clock: Clock,
  ) {}

  /**
   * @throws {AppError} `NOT_FOUND` for a model, a response before or an item that is not there; `BAD_INPUT` for a conversation that
   * does not hold together; `QUOTA_EXHAUSTED`
   */
  async open(owner: StreamOwner, request: ResponseRequest): Promise<OpenResponse> {
    const birth = { id: this.ids.next('resp'), createdAt: this.clock.now() };
    const input = await this.inputOf(owner, request, birth.id);
    return this.opened(owner, request, { birth, input, runId: this.ids.next('run'), attempts: 1 });
  }

  /** The call of a response that was broken off, once more. */
  again({ owner, request, input, runId, createdAt, answer }: StoredResponse, attempts: number): Promise<OpenResponse> {
    return this.opened(owner, request, { birth: { id: answer.id, createdAt }, input, runId, attempts });
  }

  private async opened(
    owner: StreamOwner,
    request: ResponseRequest,
    parts: { birth: ResponseBirth; input: readonly Item[]; runId: string; attempts: number },
  ): Promise<OpenResponse> {
    const { birth, input, runId, attempts } = parts;
    const previous = request.previous_response_id ?? undefined;
    const before = previous === undefined ? [] : await this.store.conversation(owner, previous);
    const redactor = this.texts.redactorOf(owner.tenantId);
    const kept = redactor === undefined ? { request, input } : await redactRequest({ request, input }, redactor);
    const given = request.stream === true || request.background === true ? 'pieces' : 'end';
    const call = await this.texts.open(owner, textRequestOf(request, [...before, ...input]), given);
    return {
      ...{ owner, runId, request, call, requestSha256: requestDigest(request) },
      run: new ResponseRun(birth, kept.request, this.clock, attempts),
      stored: (answer, streamId) => ({
        ...{ owner, runId, streamId, told: false, ...kept, answer, createdAt: birth.createdAt },
      }),
    };
  }

  /** What was sent, with what it refers to in its place. */
  private async inputOf(owner: StreamOwner, request: ResponseRequest, id: string): Promise<readonly Item[]> {
    const items = itemsOf(request);
    const referred = items.filter(isReference).map((item) => item.id);
    const responses = new Set(referred.flatMap((item) => responseOfItem(item) ?? []));
    const found = await this.store.findAll(owner, [...responses]);
    const known = new Map(
      found.flatMap(({ input, answer }) => [...input, ...answer.output]).map((item) => [item.id, item]),
    );
    return keptItems(items, id, (name) => {
      const item = known.get(name);
      if (item !== undefined) return item;
      throw new AppError('NOT_FOUND', 'No such item', {
        errors: [{ path: 'input', code: 'invalid', message: 'No such item' }],
      });
    });
  }
}
