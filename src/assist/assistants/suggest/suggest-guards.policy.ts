import { AppError } from '#src/kernel/index.js';
import type { SUGGEST_OPTIONS, TaskProposal } from '#src/models/index.js';
import { clip } from '../../graph/text.policy.js';
import { distinct, isSameWording } from '../wording.policy.js';
import { knownOf } from './known.policy.js';
import {
  OPTIONS_MAX,
  OPTIONS_MIN,
  POINT_MAX,
  POINTS_MAX,
  type SuggestedOption,
  type SuggestOptionsAnswer,
  type SuggestOptionsRequest,
  TITLE_MAX,
} from './suggest-options.schema.js';

type Proposal = TaskProposal<typeof SUGGEST_OPTIONS>;

/** Options that can be shown: none that is known already, none twice, none without reasons; five at most. */
export function usableOptions(request: SuggestOptionsRequest, { options }: Proposal): readonly SuggestedOption[] {
  const { options: existing } = knownOf(request);
  const whole = options.map(cleaned).filter(({ title, pros, cons, evidence_to_gather: evidence }) => {
    const said = title !== '' && pros.length > 0 && cons.length > 0 && evidence.length > 0;
    return said && !existing.some((known) => isSameWording(known, title));
  });
  return distinct(whole, ({ title }) => title)
    .slice(0, OPTIONS_MAX)
    .map((option, index) => ({ ...option, id: `option-${index + 1}` }));
}

/** Whether a proposal holds enough of them. */
export const offersEnough = (request: SuggestOptionsRequest, proposal: Proposal): boolean =>
  usableOptions(request, proposal).length >= OPTIONS_MIN;

/** @throws {AppError} `UPSTREAM_FAILED` when fewer than three are left */
export function guardOptions(request: SuggestOptionsRequest, proposal: Proposal): SuggestOptionsAnswer {
  const options = usableOptions(request, proposal);
  if (options.length >= OPTIONS_MIN) return { options: [...options] };
  throw new AppError('UPSTREAM_FAILED', 'The model gave fewer than three options that differ');
}

function cleaned({ title, pros, cons, evidence_to_gather }: Proposal['options'][number]): SuggestedOption {
  return {
    id: '',
    title: clip(title, TITLE_MAX),
    pros: points(pros),
    cons: points(cons),
    evidence_to_gather: points(evidence_to_gather),
  };
}

const points = (proposed: readonly string[]): string[] =>
  distinct(
    proposed.map((point) => clip(point, POINT_MAX)).filter((point) => point !== ''),
    (point) => point,
  ).slice(0, POINTS_MAX);
