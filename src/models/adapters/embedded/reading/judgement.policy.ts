import type { NodeKind } from '../../../draft-graph.schema.js';
import { changes } from '../text/changes.policy.js';
import { isDated } from '../text/quantities.policy.js';
import { STOP_WORDS } from '../text/stop-words.lexicon.js';
import type { Word } from '../text/words.policy.js';
import type { Candidate } from './candidate.policy.js';
import type { Cue } from './cue.js';
import { isActor, VERBS } from './verbs.lexicon.js';

export interface Verdict {
  readonly kind: NodeKind;
  /** Added to the cue's weight. */
  readonly bonus: number;
}

/** The words around a cue. */
export interface Surroundings {
  /** Words of the same statement before the cue: the subject. */
  readonly before: readonly string[];
  /** The word after the cue, lower case. */
  readonly after: string;
}

const MEASURED = 0.5;
const bad = (tone: number): number => Math.min(0.9, 0.35 * Math.max(0, -tone));
const measured = ({ quantities }: Candidate): number => (quantities.length > 0 ? MEASURED : 0);
const dated = ({ sentence }: Candidate): number => (isDated(sentence.text) ? 0.5 : 0);

function option(cue: Cue, found: Candidate): Verdict | undefined {
  return cue.triggers.includes('could') && found.tone < -0.9 ? undefined : { kind: 'option', bonus: 0 };
}

const wordsOf = ({ sentence, span }: Candidate): readonly Word[] =>
  sentence.words.filter(({ start, end }) => start >= span.start && end <= span.end);

/** An unwelcome change with its amount, said to come rather than feared: a price to pay, not a risk. */
function foreseen(found: Candidate): boolean {
  const own = wordsOf(found);
  const told = own.some(({ lower }) => /^(?:would|will|shall)$/.test(lower));
  return told && found.quantities.length > 0 && changes(own).some(({ sign }) => sign < 0);
}

/** Who may do a thing decides on it; people in general ("Families could come") only live with what was decided. */
const decides = (before: readonly string[]): boolean =>
  isActor(before) && !(before.length === 1 && /^\p{Lu}\p{Ll}+(?:s|children|people)$/u.test(before[0] ?? ''));

function outcome(cue: Cue, found: Candidate, { before, after }: Surroundings): Verdict {
  if (found.tone < -0.2 && !foreseen(found)) return { kind: 'risk', bonus: 0.2 + bad(found.tone) };
  const asks = /^(?:cost|need|require|take)$/.test(after) && found.quantities.length > 0;
  if (asks) return { kind: 'factor', bonus: measured(found) };
  const decided = /\bwill\b/iu.test(found.via.words) && decides(before) && VERBS.has(after);
  const past = cue.triggers.includes('fell') && found.sentence.section?.kind === 'factor';
  return {
    kind: past ? 'factor' : 'outcome',
    bonus: measured(found) + Math.max(-0.2, Math.min(0.8, 0.4 * found.tone)) - (decided ? 0.7 : 0),
  };
}

function risk(cue: Cue, found: Candidate, { before }: Surroundings): Verdict | undefined {
  if (cue.take === 'after') return { kind: 'risk', bonus: 0 };
  const modal = cue.triggers.includes('might');
  const possible = /\bcould$/iu.test(found.via.words) && found.tone > -0.3 && found.quantities.length === 0;
  if (modal && decides(before) && found.tone > -0.3) return undefined;
  if (modal && found.tone > 0.5) return { kind: 'outcome', bonus: Math.min(0.4, 0.3 * found.tone) };
  if (modal && possible) return undefined;
  const least = cue.weight < 1.5 ? -0.8 : -0.1;
  if (!modal && found.tone > least) return undefined;
  return { kind: 'risk', bonus: bad(found.tone) };
}

/** Somebody who can act, or an instruction without a subject. */
function action(cue: Cue, found: Candidate, { before, after }: Surroundings): Verdict | undefined {
  const acts = VERBS.has(after);
  if (cue.take === 'clause') {
    const named =
      isActor(before) ||
      (/^\p{Ll}/u.test(before[0] ?? '') && !STOP_WORDS.has(before[0] ?? '') && before.length <= 2 && dated(found) > 0);
    if (!acts || !named || found.tone < -0.3) return undefined;
    return { kind: 'action', bonus: 0.4 + dated(found) };
  }
  const planned = cue.triggers.includes('plan') && acts;
  if (!isActor(before) && !(acts && before.length === 0) && !planned) return undefined;
  return { kind: 'action', bonus: dated(found) + (acts ? 0.4 : 0) };
}

/** What would change is an effect; a condition holds already, or hangs on something. */
function factor(cue: Cue, found: Candidate, { before }: Surroundings): Verdict | undefined {
  const effect = cue.triggers.includes('budget') && before.some((word) => /^(?:would|will)$/iu.test(word));
  if (effect && changes(wordsOf(found)).length > 0) return undefined;
  const evidence = measured(found) * 1.6 + dated(found) * 0.6;
  const bare = cue.triggers.includes('budget') || cue.triggers.includes('ends') ? 0.4 : 0;
  const open = /^(?:may|might|could)$/.test(found.hedge ?? '') ? 0.8 : 0;
  return { kind: 'factor', bonus: (evidence > 0 ? evidence : -bare) - open };
}

/** "The director wants to stage a play; the treasurer would rather …": one of several who want different things. */
function rival(cue: Cue, { sentence }: Candidate): boolean {
  if (/\bsome\b.*\bothers\b/iu.test(sentence.text)) return true;
  const wish = cue.triggers.includes('wants') ? /\bwants\b/iu : /\b(?:he|she|\p{L}{2,20}[^\Ws])\swould\slike\b/iu;
  if (!/^(?:wants?|like)$/.test(cue.triggers[0] ?? '') || !wish.test(sentence.text)) return false;
  return (
    /;$/.test(sentence.text) ||
    /\b(?:would rather|['’]d rather|prefers?|insists?|while|whereas)\b/iu.test(sentence.text)
  );
}

/** What a statement is, given the cue it holds and the words around it: who acts, what follows, whether it is welcome. Undefined when they speak against the cue. */
export function judge(cue: Cue, found: Candidate, around: Surroundings): Verdict | undefined {
  if (cue.kind === 'goal') return { kind: rival(cue, found) ? 'option' : 'goal', bonus: 0 };
  if (cue.kind === 'decision') return { kind: 'decision', bonus: 0 };
  if (cue.kind === 'option') return option(cue, found);
  if (cue.kind === 'outcome') return outcome(cue, found, around);
  if (cue.kind === 'risk') return risk(cue, found, around);
  return cue.kind === 'action' ? action(cue, found, around) : factor(cue, found, around);
}
