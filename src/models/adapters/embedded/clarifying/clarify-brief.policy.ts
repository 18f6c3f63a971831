import type { CLARIFY_BRIEF } from '../../../tasks/clarify-brief.schema.js';
import type { TaskInput, TaskProposal } from '../../../tasks/task.js';
import { legibility } from '../drafting/confidence.policy.js';
import { gather } from '../drafting/gather.policy.js';
import { type Gathered, type Plan, plan } from '../drafting/plan.policy.js';
import { sourcesOf } from '../drafting/sources.policy.js';
import { inItsWords } from '../drafting/spoken.policy.js';
import { excerpt } from '../text/quoted.policy.js';
import { AIMS } from './aims.search.policy.js';
import { isAnswer, stateOf } from './asked.policy.js';
import { CHOICES } from './choices.search.policy.js';
import { DEEPENING } from './deepening.search.policy.js';
import type { Gap, Known } from './gap.js';
import { LIMITS } from './limits.search.policy.js';
import { PEOPLE } from './people.search.policy.js';
import { WORDING } from './wording.search.policy.js';

type Input = TaskInput<typeof CLARIFY_BRIEF>;
type Proposal = TaskProposal<typeof CLARIFY_BRIEF>;

const SEARCHES = [...CHOICES, ...AIMS, ...LIMITS, ...PEOPLE, ...WORDING];
const QUESTIONS = 5;
const SURE = 0.95;
const LEAST = 0.05;
/** What a gap costs that was asked about, and that nobody could fill. */
const IN_VAIN = 0.5;
const SUBJECT_SHOWN = 80;

/** What is to be decided: as the brief asks it, or else its only option or its goal. */
function subjectOf({ decision, option, goal }: Plan, brief: string): string {
  const [found] = [...decision, ...option, ...goal];
  return found === undefined ? excerpt(brief, SUBJECT_SHOWN) : inItsWords(found.candidate);
}

function* know({ brief, answers }: Input): Generator<undefined, { known: Known; gathered: Gathered }> {
  const documents = answers
    .filter(({ answer }) => isAnswer(answer))
    .map(({ answer: text }, index) => ({ id: `answer-${index + 1}`, kind: 'txt', name: 'an answer', text }) as const);
  const sources = sourcesOf({ brief, documents, constraints: [] });
  const gathered = yield* gather(sources);
  const said = gathered.sentences.filter(({ addressed }) => !addressed);
  const planned = plan(gathered, sources[0]);
  const known: Known = {
    brief: said.filter(({ source }) => source.kind === 'brief'),
    said,
    plan: planned,
    vocabulary: gathered.vocabulary,
    subject: subjectOf(planned, brief),
  };
  return { known, gathered };
}

/** From what a draft would have to do without: each gap takes its weight, one that was asked in vain half of it. */
function confidenceOf(gaps: readonly Gap[], { answers }: Input, legible: number): number {
  const lacking = gaps.reduce((sum, gap) => {
    const state = stateOf(gap, answers);
    return sum + (state === 'answered' ? 0 : gap.weight * (state === 'open' ? 1 : IN_VAIN));
  }, 0);
  return Math.round(Math.max(LEAST, legible * (SURE - lacking)) * 100) / 100;
}

/**
 * Reads a brief and the answers given so far, and asks what they leave open: the heaviest gaps first, each in words of
 * the brief, none that was asked before. The same input gives the same questions. Yields where it can be paused.
 */
export function* clarifyBrief(input: Input): Generator<undefined, Proposal> {
  const { known, gathered } = yield* know(input);
  const gaps: Gap[] = [];
  for (const search of SEARCHES) {
    gaps.push(...search(known));
    yield undefined;
  }
  const deeper = DEEPENING.flatMap((search) => search(known));
  const open = [...gaps.toSorted((a, b) => b.weight - a.weight), ...deeper].filter(
    (gap) => stateOf(gap, input.answers) === 'open',
  );
  const pressing = open.filter(({ weight }) => weight > 0);
  const asked = pressing.length > 0 ? pressing.slice(0, QUESTIONS) : open.slice(0, 1);
  return {
    questions: (asked.length > 0 ? asked : deeper.slice(0, 1)).map(({ weight: _weight, ...question }) => question),
    confidence: confidenceOf(gaps, input, legibility(gathered.sentences)),
  };
}
