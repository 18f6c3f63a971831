import type { Usage } from '#src/kernel/index.js';
import { UpstreamError } from '../../upstream-error.js';
import type { AnswerEvent } from './answer-event.js';

export type CallPiece = Extract<AnswerEvent, { type: 'call' }>;

/** A piece of a tool call as servers send it: only some tell its place, only the first tells its id and its name. */
export interface ToolCallPiece {
  readonly index: number | undefined;
  readonly id: string | undefined;
  readonly name: string | undefined;
  /** JSON text that is added. */
  readonly arguments: string | undefined;
}

interface OpenCall {
  index: number;
  id: string;
  name: string;
  /** Arguments that came before the name did. */
  held: string;
  empty: boolean;
}

/** Tells the tool calls of one answer apart. */
export class ToolCalls {
  private readonly calls: OpenCall[] = [];
  private readonly places = new Map<number, OpenCall>();
  private readonly ids = new Map<string, OpenCall>();
  private named = 0;

  get count(): number {
    return this.named;
  }

  /**
   * What a piece adds, once the name of its call is known.
   *
   * @param answerId makes an id for calls whose server gives none
   */
  read(piece: ToolCallPiece, answerId: string): CallPiece | undefined {
    const call = this.meant(piece) ?? this.open(piece);
    const first = call.name === '';
    const added = call.held + (piece.arguments ?? '');
    call.held = '';
    if (first) call.name = piece.name ?? '';
    if (call.name === '') {
      call.held = added;
      return undefined;
    }
    if (first) call.index = this.named++;
    if (call.id === '') call.id = piece.id || `call_${answerId}_${call.index}`;
    if (!first && added === '') return undefined;
    call.empty &&= added === '';
    return told(call, added);
  }

  /**
   * Calls whose arguments were never told have none, which is an empty object.
   *
   * @param used what the answer cost, as far as its server says so
   */
  end(used: Usage | undefined): readonly CallPiece[] {
    if (this.calls.some(({ name }) => name === ''))
      throw new UpstreamError(
        'malformed',
        'The model called a tool without a name',
        used === undefined ? {} : { used },
      );
    return this.calls.filter(({ empty }) => empty).map((call) => told(call, '{}'));
  }

  /** A place that a second id and name come for is taken by a second call: some servers number all of them 0. */
  private meant({ index, id, name }: ToolCallPiece): OpenCall | undefined {
    const named = Boolean(name);
    const known = id ? this.ids.get(id) : undefined;
    if (index === undefined) return known ?? (id || named ? undefined : this.calls.at(-1));
    const there = this.places.get(index);
    const another = named && Boolean(id) && there?.id !== '' && there?.id !== id;
    return another ? known : there;
  }

  private open({ index, id }: ToolCallPiece): OpenCall {
    const call = { index: 0, id: id ?? '', name: '', held: '', empty: true };
    this.calls.push(call);
    if (index !== undefined) this.places.set(index, call);
    if (id) this.ids.set(id, call);
    return call;
  }
}

const told = ({ index, id, name }: OpenCall, added: string): CallPiece => ({
  type: 'call',
  index,
  id,
  name,
  arguments: added,
});
