import type { FinishReason, TextEvent } from '#src/models/index.js';
import type { OutputItem } from './item.schema.js';
import { outputItemId } from './response-ids.policy.js';

/** A streaming event of the OpenAI API, before it has its number. */
export interface OutputEvent {
  readonly type: `response.${string}`;
  readonly [field: string]: unknown;
}

type MessageItem = Extract<OutputItem, { readonly type: 'message' }>;
type CallItem = Extract<OutputItem, { readonly type: 'function_call' }>;
type Ending = 'completed' | 'incomplete';
type Says = 'output_text' | 'refusal';

/** One item of the answer as it grows. `held` was heard and not told yet. */
interface Growing {
  readonly index: number;
  readonly id: string;
  readonly call?: { readonly call_id: string; readonly name: string };
  /** What a message is: an answer, or what is said instead of one. */
  readonly says?: Says;
  text: string;
  held: string;
}

/** An item is told in at most about this many pieces for each doubling of its length, so that its log stays whole. */
const PIECES = 1_024;
/** Longest answer, JSON characters: its last events repeat it whole. */
const LONGEST_ANSWER = 1_500_000;

/**
 * What a model says, as the output items of a response and the events that tell of them. The order is OpenAI's: item added,
 * part added, deltas, text done, part done, item done; calls are done when the model is, as their pieces may come mixed.
 */
export class Output {
  private readonly done: OutputItem[] = [];
  private readonly calls = new Map<number, Growing>();
  private message: Growing | undefined;
  private count = 0;
  private length = 0;

  constructor(private readonly responseId: string) {}

  /** The answer is as long as one may be: what follows is not taken. */
  get full(): boolean {
    return this.length >= LONGEST_ANSWER;
  }

  /** The items so far; those under way are incomplete. */
  items(): readonly OutputItem[] {
    const growing = [this.message, ...this.calls.values()].flatMap((item) => (item === undefined ? [] : [item]));
    return [...this.done, ...growing.map((item) => itemOf(item, 'incomplete'))].sort(byPlace);
  }

  take(event: Exclude<TextEvent, { readonly type: 'done' }>): readonly OutputEvent[] {
    if (this.full) return [];
    if (event.type === 'delta') return this.say('output_text', event.text);
    if (event.type === 'refusal_delta') return this.say('refusal', event.text);
    const { index, id, name, arguments: text } = event;
    const events = this.calls.has(index) ? [] : this.beginCall(index, id, name);
    const call = this.calls.get(index);
    return call === undefined ? events : [...events, ...this.grow(call, text)];
  }

  /** Everything that was begun is done; the last item is as complete as the answer. */
  finish(last: Extract<TextEvent, { readonly type: 'done' }>): readonly OutputEvent[] {
    const unheard = this.count === 0 ? this.unheard(last) : [];
    return [...unheard, ...this.closeAll(last.finish)];
  }

  closeAll(finish: FinishReason): readonly OutputEvent[] {
    const ending = finish === 'length' || finish === 'filtered' ? 'incomplete' : 'completed';
    const open = [...this.calls.values()];
    const events = [
      ...this.closeMessage(open.length > 0 ? 'completed' : ending),
      ...open.flatMap((call, at) => this.close(call, at === open.length - 1 ? ending : 'completed')),
    ];
    this.calls.clear();
    return events;
  }

  /** A provider that answers in one piece; an answer without a word is a message without one. */
  private unheard(last: Extract<TextEvent, { readonly type: 'done' }>): readonly OutputEvent[] {
    const { text, refusal, toolCalls } = last;
    const silent = text === '' && (refusal !== undefined || toolCalls.length > 0);
    const said = silent ? [] : this.say('output_text', text);
    const declined = refusal === undefined ? [] : this.say('refusal', refusal);
    const called = toolCalls.flatMap(({ id, name, arguments: given }, index) => {
      const events = this.beginCall(index, id, name);
      const call = this.calls.get(index);
      return call === undefined ? events : [...events, ...this.grow(call, given)];
    });
    return [...said, ...declined, ...called];
  }

  /** Words and a refusal are messages of their own. */
  private say(says: Says, text: string): readonly OutputEvent[] {
    const closed = this.message?.says === says ? [] : this.closeMessage('completed');
    const begun = this.message === undefined ? this.beginMessage(says) : [];
    const { message } = this;
    return message === undefined ? begun : [...closed, ...begun, ...this.grow(message, text)];
  }

  private beginMessage(says: Says): readonly OutputEvent[] {
    const id = outputItemId('msg', this.responseId, this.count);
    const message = { index: this.count, id, says, text: '', held: '' };
    this.count += 1;
    this.message = message;
    const place = { item_id: message.id, output_index: message.index, content_index: 0 };
    return [
      added(message.index, { ...messageItem(message, 'in_progress'), content: [] }),
      { type: 'response.content_part.added', ...place, part: partOf({ says, text: '' }) },
    ];
  }

  private beginCall(place: number, callId: string, name: string): readonly OutputEvent[] {
    const closed = this.closeMessage('completed');
    const id = outputItemId('fc', this.responseId, this.count);
    const call = { index: this.count, id, call: { call_id: callId, name }, text: '', held: '' };
    this.count += 1;
    this.calls.set(place, call);
    return [...closed, added(call.index, itemOf(call, 'in_progress'))];
  }

  private grow(item: Growing, text: string): readonly OutputEvent[] {
    this.length += JSON.stringify(text).length;
    item.text += text;
    item.held += text;
    return item.held.length * PIECES >= item.text.length ? told(item) : [];
  }

  private closeMessage(ending: Ending): readonly OutputEvent[] {
    const { message } = this;
    this.message = undefined;
    return message === undefined ? [] : this.close(message, ending);
  }

  private close(item: Growing, ending: Ending): readonly OutputEvent[] {
    const whole = itemOf(item, ending);
    this.done.push(whole);
    return [
      ...told(item),
      ...wholeOf(item),
      { type: 'response.output_item.done', output_index: item.index, item: whole },
    ];
  }
}

/** What was held back. */
function told(item: Growing): readonly OutputEvent[] {
  const { id: item_id, index: output_index, held: delta, call, says } = item;
  if (delta === '') return [];
  item.held = '';
  if (call !== undefined) return [{ type: 'response.function_call_arguments.delta', item_id, output_index, delta }];
  const place = { item_id, output_index, content_index: 0 };
  if (says === 'refusal') return [{ type: 'response.refusal.delta', ...place, delta }];
  return [{ type: 'response.output_text.delta', ...place, delta, logprobs: [] }];
}

/** What is told once all of it was. */
function wholeOf(item: Growing): readonly OutputEvent[] {
  const { id: item_id, index: output_index, text, call, says } = item;
  if (call !== undefined) {
    const { name } = call;
    return [{ type: 'response.function_call_arguments.done', item_id, output_index, name, arguments: text }];
  }
  const place = { item_id, output_index, content_index: 0 };
  const done: OutputEvent =
    says === 'refusal'
      ? { type: 'response.refusal.done', ...place, refusal: text }
      : { type: 'response.output_text.done', ...place, text, logprobs: [] };
  return [done, { type: 'response.content_part.done', ...place, part: partOf(item) }];
}

const added = (output_index: number, item: OutputItem): OutputEvent => ({
  type: 'response.output_item.added',
  output_index,
  item,
});

const partOf = ({ says, text }: Pick<Growing, 'says' | 'text'>): MessageItem['content'][number] =>
  says === 'refusal' ? { type: says, refusal: text } : { type: 'output_text', text, annotations: [], logprobs: [] };

const messageItem = (item: Growing, status: MessageItem['status']): MessageItem => ({
  id: item.id,
  type: 'message',
  role: 'assistant',
  status,
  content: [partOf(item)],
});

const itemOf = (item: Growing, status: CallItem['status']): OutputItem =>
  item.call === undefined
    ? messageItem(item, status)
    : { id: item.id, type: 'function_call', status, ...item.call, arguments: item.text };

/** Items end in another order than they began. */
const byPlace = (a: OutputItem, b: OutputItem): number => placeOf(a.id) - placeOf(b.id);

const placeOf = (id: string): number => Number(id.slice(id.lastIndexOf('_') + 1));
