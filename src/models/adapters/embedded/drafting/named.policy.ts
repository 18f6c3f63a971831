import type { Candidate } from '../reading/candidate.policy.js';
import { isVerbal } from '../reading/verbs.lexicon.js';
import { label, lower } from '../text/label.policy.js';

const firstOf = (label: string): string => label.split(/[\s,:]/u, 1)[0] ?? '';

/** Written with a capital where no sentence begins. */
function isName({ label, sentence, span }: Candidate): boolean {
  const first = firstOf(label);
  const at = sentence.source.cleaned.slice(span.start, span.end).indexOf(first);
  return /^\p{Lu}/u.test(first) && at >= 0 && span.start + at > sentence.span.start;
}

/** Labels as they stand in the middle of a phrase: names keep their capital, also the one that a sentence begins with. */
export function inPhrase(candidates: readonly Candidate[]): readonly string[] {
  const names = candidates.filter(isName);
  return candidates.map((each) => {
    const leads = each.span.start === each.sentence.span.start && !isVerbal(each.label);
    return isName(each) || (leads && names.length > 0) ? each.label : lower(each.label);
  });
}

/** Cut to `room` where it is longer; `label` gives it a capital that it did not have. */
export const shortened = (text: string, room: number): string =>
  /^\p{Lu}/u.test(text) ? label(text, room) : lower(label(text, room));
