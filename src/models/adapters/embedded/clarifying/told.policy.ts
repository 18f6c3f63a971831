import { stated } from '../drafting/spoken.policy.js';
import type { Candidate } from '../reading/candidate.policy.js';
import { candidate } from '../reading/candidate.policy.js';
import type { Sentence } from '../reading/source.js';
import { isAnswer } from './asked.policy.js';
import type { Known } from './gap.js';

/** What people put a label before: "Budget: 100,000 euros". */
export type Told = 'budget' | 'deadline' | 'decider' | 'fixed' | 'aim';

const LABELS: Readonly<Record<Told, RegExp>> = {
  budget:
    /^(?:budget|(?:spending|cost|price|budget) (?:limit|cap|ceiling)|cap|ceiling|funds|funding|max(?:imum)? (?:cost|costs|spend|spending|price|budget))$/u,
  deadline:
    /^(?:deadline|due|due date|by when|when|date|timeline|time ?frame|time limit|schedule|go-live|(?:target|decision|end|closing) date)$/u,
  decider:
    /^(?:(?:decision |process )?owners?|decision[- ](?:maker|owner|taker)s?|decider|decided by|decision by|who decides|approver|approved by|approval|sponsor|responsible|responsibility|accountable|dri|sign-?off|lead)$/u,
  fixed:
    /^(?:(?:hard |boundary )?(?:constraints?|conditions?)|requirements?|must[- ]haves?|non-negotiables?|limitations?|restrictions?|guard ?rails?|rules)$/u,
  aim: /^(?:aims?|goals?|objectives?|purpose|success|success (?:criteri(?:a|on)|metrics?|measures?)|(?:desired|wanted|expected) (?:outcome|result)s?|targets?|kpis?|mission|definition of success)$/u,
};
const QUALIFIER = /^(?:the|our|my|total|overall|main|key|project|final|available|annual|internal)\s/u;
const LABEL_BEFORE = /(?:^|[\n.!?;|])[\s>*•–-]*([\p{L}][\p{L} '’/-]{1,40}?)\s*:\s*$/u;
const LABEL_INSIDE = /^([\p{L}][\p{L} '’/-]{1,40}?)\s*:\s+(\S.*)$/su;
const LOOK_BACK = 60;

/** The labels a sentence stands under, with what stands behind them: its own, that of its line, the heading above it. */
function labelled(sentence: Sentence): readonly { readonly label: string; readonly rest: string }[] {
  const { source, span, text, section, topic } = sentence;
  const before = LABEL_BEFORE.exec(source.cleaned.slice(Math.max(0, span.start - LOOK_BACK), span.start))?.[1];
  const [, inside, rest = ''] = LABEL_INSIDE.exec(text) ?? [];
  return [
    ...[before, section?.title, topic].flatMap((label) => (label === undefined ? [] : [{ label, rest: text }])),
    ...(inside === undefined ? [] : [{ label: inside, rest }]),
  ];
}

const plain = (label: string): string =>
  label
    .toLowerCase()
    .replace(/[:.\s]+$/u, '')
    .replace(QUALIFIER, '')
    .trim();

/** Whether a sentence is put down under a label of that sort, and says something there. */
export const isTold = (sentence: Sentence, what: Told): boolean =>
  labelled(sentence).some(({ label, rest }) => LABELS[what].test(plain(label)) && isAnswer(rest));

const SUCCESS =
  /\b(?:success (?:means|looks like|is|will be|would be|would mean)|(?:we|it|this|the project) (?:have |has )?(?:succeeds?|succeeded|works|worked|is a success|will be a success) (?:if|when|once)|(?:done|good) (?:means|looks like))\s/iu;

/** What a brief calls its aim: the goals that were read from it, or else what stands under a label or behind "success means". */
export function aimsOf({ plan, said }: Pick<Known, 'plan' | 'said'>): readonly Candidate[] {
  const found = stated(plan.goal);
  return found.length > 0 ? found : said.flatMap((sentence) => asAim(sentence) ?? []);
}

function asAim(sentence: Sentence): Candidate | undefined {
  if (sentence.question) return undefined;
  const means = SUCCESS.exec(sentence.text);
  const label = LABEL_INSIDE.exec(sentence.text);
  if (means === null && !isTold(sentence, 'aim')) return undefined;
  const start =
    means !== null ? means.index + means[0].length : label === null ? 0 : sentence.text.indexOf(label[2] ?? '');
  return candidate(sentence, {
    kind: 'goal',
    span: { start, end: sentence.text.length },
    score: 1,
    via: { by: 'wording', words: means?.[0].trim() ?? label?.[1] ?? '' },
  });
}
