import { addUsage, type Clock, type Usage } from '#src/kernel/index.js';
import { estimateInput } from '../../messages.policy.js';
import type {
  Progress,
  Reads,
  StructuredEvent,
  StructuredRequest,
  TextEvent,
  TextRequest,
} from '../../provider.port.js';
import { estimateAll } from '../../tokens.policy.js';
import { noModel, UpstreamError } from '../../upstream-error.js';
import type { AnswerEvents } from './answer-event.js';
import { type Piece, type Spoken, told } from './spoken-answer.js';
import { readAnswer } from './structured/answer.policy.js';
import type { AnswerForm } from './structured/answer-form.js';
import { GrowingAnswer } from './structured/growing-answer.js';
import { type Repair, repairOf } from './structured/repair.policy.js';
import { strictFaults } from './structured/strict-answer.policy.js';
import { UpstreamCall } from './upstream-call.js';

/** What is particular to one kind of upstream: how it is asked, and how its answer is heard. */
export interface Dialect<Body> {
  /** Name of the provider. */
  readonly name: string;
  /** Model asked when the caller names none; `undefined` where there is none. */
  readonly model: string | undefined;
  /** Longest call, ms. */
  readonly totalMs: number;
  form(request: StructuredRequest): AnswerForm;
  /** @param reads of the `end` alone, the answer may be asked for in one piece */
  textBody(request: TextRequest, model: string, reads: Reads): Body;
  structuredBody(request: StructuredRequest, form: AnswerForm, model: string): Body;
  repairBody(body: Body, repair: Repair): Body;
  /** An answer that has begun. */
  answer(body: Body, call: UpstreamCall): Promise<AnswerEvents>;
}

interface BrokenAnswer<Body> {
  readonly request: TextRequest;
  readonly body: Body;
  readonly call: UpstreamCall;
  readonly reads: Reads;
  readonly faults: readonly string[];
}

type Origin = Pick<TextRequest, 'model'>;

/** Texts and structured answers of an upstream, whatever its dialect. */
export class UpstreamAnswers<Body> {
  constructor(
    private readonly dialect: Dialect<Body>,
    private readonly clock: Clock,
  ) {}

  async *text(request: TextRequest, signal: AbortSignal, reads: Reads = 'pieces'): AsyncGenerator<TextEvent> {
    const call = this.begin(signal);
    try {
      const body = this.dialect.textBody(request, this.asked(request), reads);
      const whole = yield* told(await this.dialect.answer(body, call), estimateInput(request), textEvent);
      call.signal.throwIfAborted();
      const faults = promiseBroken(whole, request);
      const kept = faults.length === 0 ? whole : yield* this.repaired(whole, { request, body, call, reads, faults });
      yield { type: 'done', ...kept, ...this.origin(kept, request) };
    } finally {
      call.close();
    }
  }

  /** Once, and only where nobody has read the answer that does not fit. */
  private async *repaired(
    first: Spoken,
    { request, body, call, reads, faults }: BrokenAnswer<Body>,
  ): AsyncGenerator<TextEvent, Spoken> {
    // Counted before anything else is asked or thrown.
    yield { type: 'delta', text: '', used: first.usage };
    if (reads === 'pieces') throw shapeless('The model gave no answer of the shape asked for');
    const repair = repairOf(first.text, faults);
    const both = (piece: Piece, used: Usage) => textEvent(piece, addUsage(first.usage, used));
    const second = yield* afterAnother(first.usage, async () => {
      const again = await this.dialect.answer(this.dialect.repairBody(body, repair), call);
      return told(again, estimateInput(request) + estimateAll(repair), both);
    });
    call.signal.throwIfAborted();
    const usage = addUsage(first.usage, second.usage);
    if (promiseBroken(second, request).length === 0) return { ...second, usage };
    yield { type: 'delta', text: '', used: usage };
    throw shapeless(TWICE_SHAPELESS);
  }

  async *structured(request: StructuredRequest, signal: AbortSignal): AsyncGenerator<StructuredEvent | Progress> {
    const call = this.begin(signal);
    try {
      yield* this.fitting(request, call);
    } catch (error) {
      throw ofOurAsking(error);
    } finally {
      call.close();
    }
  }

  /** A call of its own, ended by the caller or by the limit of all calls. To be closed. */
  begin(signal: AbortSignal): UpstreamCall {
    const call = new UpstreamCall(this.clock, signal);
    call.limitTotal(this.dialect.totalMs);
    return call;
  }

  private async *fitting(request: StructuredRequest, call: UpstreamCall): AsyncGenerator<StructuredEvent | Progress> {
    const { dialect } = this;
    const form = dialect.form(request);
    const clean = form.cleaner();
    const body = dialect.structuredBody(request, form, this.asked(request));
    const inputTokens = estimateAll([request.system, request.prompt]);
    const first = yield* told(await dialect.answer(body, call), inputTokens, growth(clean));
    const read = readAnswer(first.text, request.schema, clean);
    call.signal.throwIfAborted();
    if (read.ok) return yield this.done(first, read.value, request, 0);
    // Counted before anything else is asked or thrown: an answer without a word that could be shown costs as well.
    yield progress(first.usage);
    if (isDeclined(first)) throw declined();
    if (first.finish === 'length') throw new UpstreamError('unfit', 'The model reached its token limit in mid-answer');

    const repair = repairOf(first.text, read.faults);
    const both = (_piece: Piece, used: Usage) => progress(addUsage(first.usage, used));
    const second = yield* afterAnother(first.usage, async () => {
      const again = await dialect.answer(dialect.repairBody(body, repair), call);
      return told(again, inputTokens + estimateAll(repair), both);
    });
    const reread = readAnswer(second.text, request.schema, clean);
    call.signal.throwIfAborted();
    const usage = addUsage(first.usage, second.usage);
    if (!reread.ok) {
      yield progress(usage);
      if (isDeclined(second)) throw declined();
      throw shapeless(TWICE_SHAPELESS);
    }
    return yield this.done({ ...second, usage }, reread.value, request, 1);
  }

  private done(whole: Spoken, value: unknown, request: Origin, repairs: number): StructuredEvent {
    const { finish, usage } = whole;
    return { type: 'done', value, finish, usage, ...this.origin(whole, request), repairs };
  }

  private asked({ model }: Origin): string {
    const asked = model ?? this.dialect.model;
    if (asked === undefined) throw noModel();
    return asked;
  }

  private origin({ model }: Spoken, request: Origin): { readonly model: string; readonly provider: string } {
    return { model: model ?? this.asked(request), provider: this.dialect.name };
  }
}

/** An answer behind one that cost something: so does a failure in its middle. */
async function* afterAnother<T>(
  first: Usage,
  ask: () => Promise<AsyncGenerator<T, Spoken>>,
): AsyncGenerator<T, Spoken> {
  try {
    return yield* await ask();
  } catch (error) {
    throw error instanceof UpstreamError ? error.after(first) : error;
  }
}

function textEvent(piece: Piece, used: Usage): TextEvent {
  if (piece.type === 'words') return { type: 'delta', text: piece.text, used };
  if (piece.type === 'refusal') return { type: 'refusal_delta', text: piece.text, used };
  return { ...piece, type: 'tool_delta', used };
}

/** How a structured answer is asked for is our business: no caller could ask in another way. */
function ofOurAsking(error: unknown): unknown {
  if (!(error instanceof UpstreamError) || error.fault !== 'rejected') return error;
  const { status, message } = error;
  return new UpstreamError('unserved', message, status === undefined ? {} : { status });
}

/** What does not fit of an answer for which a strict schema was promised, and which the model ended of its own will. */
const promiseBroken = (whole: Spoken, request: TextRequest): readonly string[] =>
  whole.finish === 'stop' && whole.toolCalls.length === 0 && !isDeclined(whole)
    ? strictFaults(whole.text, request)
    : [];

const TWICE_SHAPELESS = 'The model twice gave no answer of the shape asked for';
const shapeless = (message: string): UpstreamError => new UpstreamError('unfit', message);

const isDeclined = ({ refusal, finish }: Spoken): boolean => refusal !== undefined || finish === 'filtered';

const declined = (): UpstreamError => new UpstreamError('declined', 'The model declined to answer');

const progress = (used: Usage): Progress => ({ type: 'progress', used });

/** What each piece adds to a structured answer. */
function growth(clean: (value: unknown) => unknown): (piece: Piece, used: Usage) => StructuredEvent | Progress {
  const growing = new GrowingAnswer();
  return (piece, used) => {
    const value = piece.type === 'words' ? growing.push(piece.text) : undefined;
    return value === undefined ? progress(used) : { type: 'partial', value: clean(value), used };
  };
}
