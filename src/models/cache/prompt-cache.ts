import { AppError, currentContext, NO_USAGE } from '#src/kernel/index.js';
import type { ModelCall } from '../model-call.js';
import type { Done, FinishReason } from '../provider.port.js';
import { UpstreamError } from '../upstream-error.js';
import type { CacheOutcome } from './cache-counts.js';
import { type Flight, Flights, type Landing } from './flights.js';
import { KeptAnswers, type KeptAnswersParts } from './kept-answers.js';
import { nameOf, type Question, type QuestionName } from './question.policy.js';

/** A call that may be answered from memory. */
export interface Cacheable<E extends { readonly type: string }> {
  readonly question: Question;
  readonly call: ModelCall;
  /** Asks a model. Ends with one `done`. */
  ask(): AsyncIterable<E>;
  /** An answer that was told before as it is told again. */
  replay(done: Extract<E, { type: 'done' }>): Iterable<E>;
}

type Ended<E> = Extract<E, { type: 'done' }> & Done & { readonly finish?: FinishReason };

/** Failures that say something of the question or of the models; the others concern the caller alone. */
const EVERYBODYS: ReadonlySet<string> = new Set(['UPSTREAM_FAILED', 'UPSTREAM_TIMEOUT', 'INTERNAL']);
/** An answer that was cut may be longer the next time. */
const CUT: ReadonlySet<FinishReason | undefined> = new Set<FinishReason>(['length', 'filtered']);

/**
 * Answers questions that were answered before. Equal questions that are asked at the same time are asked once in this
 * process: the others wait for the answer; when the one who asks fails or goes away, the first of them takes over, once
 * after a failure. A tenant's answers are nobody else's. Only the one who asked is charged.
 */
export class PromptCache {
  private readonly answers: KeptAnswers;
  private readonly flights: Flights<string>;

  constructor(private readonly parts: KeptAnswersParts) {
    this.answers = new KeptAnswers(parts);
    this.flights = new Flights({ clock: parts.clock, patienceMs: parts.terms.patienceMs });
  }

  get calls(): KeptAnswersParts['terms']['calls'] {
    return this.parts.terms.calls;
  }

  get counts(): KeptAnswersParts['counts'] {
    return this.parts.counts;
  }

  get size(): KeptAnswers['size'] {
    return this.answers.size;
  }

  async *pass<E extends { readonly type: string }>(cacheable: Cacheable<E>): AsyncGenerator<E> {
    const reuse = currentContext()?.reuse;
    if (reuse === 'none') return yield* this.bypass(cacheable.ask());
    const name = nameOf(cacheable.question);
    if (reuse === 'refresh') return yield* this.bypass(this.keeping(cacheable, name, undefined));
    let failed = false;
    for (;;) {
      const known = this.answers.find(name);
      if (known !== undefined) return yield* this.tell(cacheable, known, 'hit');
      const ahead = this.flights.of(name.id);
      if (ahead === undefined) return yield* this.lead(cacheable, name, this.flights.begin(name.id, failed));
      const landing = await ahead.wait(cacheable.call.signal);
      if (landing.how === 'answered') return yield* this.tell(cacheable, landing.answer, 'joined');
      if (landing.how === 'failed' && ahead.again) throw landing.error;
      failed ||= landing.how === 'failed';
    }
  }

  private async *lead<E extends { readonly type: string }>(
    cacheable: Cacheable<E>,
    name: QuestionName,
    flight: Flight<string>,
  ): AsyncGenerator<E> {
    let landing: Landing<string> = { how: 'left' };
    try {
      const shared = await this.answers.findShared(name);
      if (shared !== undefined) {
        flight.land({ how: 'answered', answer: shared });
        return yield* this.tell(cacheable, shared, 'shared_hit');
      }
      this.note('miss');
      yield* this.keeping(cacheable, name, flight);
    } catch (error) {
      landing = landingOf(error, cacheable.call.signal);
      throw error;
    } finally {
      flight.land(landing);
    }
  }

  /** Lands before the answer is passed on: nobody waits for its reader. */
  private async *keeping<E extends { readonly type: string }>(
    { ask }: Cacheable<E>,
    name: QuestionName,
    flight: Flight<string> | undefined,
  ): AsyncGenerator<E> {
    for await (const event of ask()) {
      if (isDone(event)) {
        const json = JSON.stringify(event);
        if (!CUT.has(event.finish)) this.answers.keep(name, json);
        flight?.land({ how: 'answered', answer: json });
      } else flight?.touch();
      yield event;
    }
  }

  private async *tell<E extends { readonly type: string }>(
    { call, replay }: Cacheable<E>,
    json: string,
    outcome: CacheOutcome,
  ): AsyncGenerator<E> {
    this.note(outcome);
    const done = JSON.parse(json) as Ended<E>;
    await call.meter.end(NO_USAGE, done.model);
    yield* replay({ ...done, cached: true });
  }

  private bypass<E>(events: AsyncIterable<E>): AsyncIterable<E> {
    this.note('bypassed');
    return events;
  }

  private note(outcome: CacheOutcome): void {
    this.parts.counts.outcomes[outcome] += 1;
    const context = currentContext();
    if (context !== undefined) context.fields['prompt_cache'] = outcome;
  }
}

const isDone = <E extends { readonly type: string }>(event: E): event is Ended<E> => event.type === 'done';

const landingOf = (error: unknown, signal: AbortSignal): Landing<never> => {
  const shared =
    !signal.aborted && (!(error instanceof AppError) || error instanceof UpstreamError || EVERYBODYS.has(error.code));
  return shared ? { how: 'failed', error } : { how: 'left' };
};
