import type { CLARIFY_BRIEF, TaskProposal } from '#src/models/index.js';
import { clip, oneLine } from '../../graph/text.policy.js';
import { distinct, isSameWording } from '../wording.policy.js';
import {
  CHOICE_MAX,
  CHOICES_MAX,
  type ClarifyBriefAnswer,
  type ClarifyBriefRequest,
  LAST_ROUND,
  QUESTIONS_MAX,
  type Question,
  WORDS_MAX,
} from './clarify-brief.schema.js';

type Proposal = TaskProposal<typeof CLARIFY_BRIEF>;

/** From here on a draft is worth more than another round. */
const CONFIDENT = 0.8;

/**
 * Questions that are new: none that was asked before, none twice, five at most. Where a proposal holds nothing new its
 * first question stands, and asking on is pointless. `should_continue` is decided here, for every engine alike.
 */
export function guardQuestions(
  { round, previous_answers = [] }: ClarifyBriefRequest,
  proposal: Proposal,
): ClarifyBriefAnswer {
  const asked = previous_answers.map(({ question }) => question);
  const readable = proposal.questions.map(cleaned).filter(isWhole);
  const fresh = distinct(readable, ({ question }) => question).filter(
    ({ question }) => !asked.some((before) => isSameWording(before, question)),
  );
  const questions = (fresh.length > 0 ? fresh : readable.slice(0, 1)).slice(0, QUESTIONS_MAX);
  const confidence = Math.round(proposal.confidence * 100) / 100;
  return {
    questions,
    confidence,
    should_continue: fresh.length > 0 && round < LAST_ROUND && confidence < CONFIDENT,
    round,
  };
}

/** Whether a proposal holds a question that can be shown. */
export const asksSomething = ({ questions }: Proposal): boolean => questions.map(cleaned).some(isWhole);

function cleaned({ question, choices = [], why_we_ask, impacts_draft }: Proposal['questions'][number]): Question {
  const words = distinct(
    choices.map((choice) => clip(choice, CHOICE_MAX)).filter((choice) => choice !== ''),
    oneLine,
  ).slice(0, CHOICES_MAX);
  return {
    question: clip(question, WORDS_MAX),
    ...(words.length < 2 ? {} : { choices: words }),
    why_we_ask: clip(why_we_ask, WORDS_MAX),
    impacts_draft: clip(impacts_draft, WORDS_MAX),
  };
}

const isWhole = ({ question, why_we_ask, impacts_draft }: Question): boolean =>
  [question, why_we_ask, impacts_draft].every((part) => part !== '');
