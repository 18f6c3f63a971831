import { Injectable } from '@nestjs/common';
import { AppError, Clock, Ids } from '#src/kernel/index.js';
import type { TextEvent } from '#src/models/index.js';
import { type Attended, requestDigest, type StreamOwner, Streams, type StreamWriter } from '#src/streaming/index.js';
import type { Answered } from '../answered.js';
import { type ChargedCall, ChargedText } from '../charged-text.service.js';
import { isLimitCut } from '../limit-cut.policy.js';
import { partsOf } from '../text-parts.policy.js';
import { CHUNK } from './chat.dialect.js';
import { ChatChunks } from './chat-chunks.policy.js';
import { type ChatHead, chatCompletion, type TextDone } from './chat-completion.policy.js';
import type { ChatCompletion } from './chat-completion.schema.js';
import type { ChatRequest } from './chat-request.schema.js';
import { SaidSoFar } from './said-so-far.js';
import { textRequestOf } from './text-request.policy.js';

/** What a run of these is called in its record. */
const CHAT_KIND = 'chat.completion';
const MS_PER_SECOND = 1_000;

/** A stream about to be read. */
export interface ChatStream {
  readonly streamId: string;
  /** Its log; {@link CHUNK} events, in the dialect of the log itself. */
  readonly log: AsyncIterable<Uint8Array>;
  readonly limitHeaders: Readonly<Record<string, string>>;
}

/** Answers conversations: at once, or piece by piece. */
@Injectable()
export class ChatService {
  constructor(
    private readonly texts: ChargedText,
    private readonly streams: Streams,
    private readonly ids: Ids,
    private readonly clock: Clock,
  ) {}

  /** @param signal aborts when nobody waits for the answer any more */
  async complete(owner: StreamOwner, request: ChatRequest, signal: AbortSignal): Promise<Answered<ChatCompletion>> {
    const call = await this.texts.open(owner, textRequestOf(request), 'end');
    try {
      const done = await lastOf(call.run(signal, 'end'), request.model);
      return { answer: chatCompletion(this.head(), done), limitHeaders: call.limitHeaders() };
    } finally {
      await call.close();
    }
  }

  /** @param attended what becomes of the run when its reader leaves; left out, it goes on */
  async stream(owner: StreamOwner, request: ChatRequest, attended: Attended | undefined): Promise<ChatStream> {
    const call = await this.texts.open(owner, textRequestOf(request), 'pieces');
    const limitHeaders = call.limitHeaders();
    const run = {
      owner,
      kind: CHAT_KIND,
      runId: this.ids.next('run'),
      requestSha256: requestDigest(request),
      attended,
    };
    const opened = this.streams.open(run, (writer) => produce(call, request, this.head(), writer));
    const { streamId, read } = await opened.catch(async (error: unknown) => {
      await call.close();
      throw error;
    });
    return { streamId, log: read(), limitHeaders };
  }

  private head(): ChatHead {
    return { id: this.ids.next('chatcmpl'), created: Math.floor(this.clock.now() / MS_PER_SECOND) };
  }
}

async function produce(
  call: ChargedCall,
  { model, stream_options }: ChatRequest,
  head: ChatHead,
  writer: StreamWriter,
): Promise<ChatCompletion> {
  const usage = stream_options?.include_usage === true ? 'with_usage' : 'without_usage';
  const chunks = new ChatChunks(head, model, usage);
  try {
    const done = await lastOf(call.run(writer.signal, 'pieces'), model, async (piece) => {
      for (const part of partsOf(piece)) await writer.emit(CHUNK, chunks.of(part));
    });
    for (const chunk of chunks.end(done)) await writer.emit(CHUNK, chunk);
    return chatCompletion(head, done);
  } finally {
    await call.close();
  }
}

/**
 * What the model says at its end, or had said when a limit ended it; everything before that is handed on to whoever reads it
 * piece by piece.
 */
async function lastOf(
  events: AsyncIterable<TextEvent>,
  model: string,
  hand?: (piece: Exclude<TextEvent, TextDone>) => Promise<void>,
): Promise<TextDone> {
  const said = new SaidSoFar();
  try {
    for await (const event of events) {
      if (event.type === 'done') return event;
      said.take(event);
      if (hand !== undefined) await hand(event);
    }
  } catch (error) {
    const cut = isLimitCut(error) ? said.cut(model) : undefined;
    if (cut === undefined) throw error;
    return cut;
  }
  throw new AppError('UPSTREAM_FAILED', 'The model gave no answer');
}
