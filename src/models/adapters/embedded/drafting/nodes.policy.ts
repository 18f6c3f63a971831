import type { NodeKind, ProposedNode } from '../../../draft-graph.schema.js';
import type { Candidate } from '../reading/candidate.policy.js';
import { quoteWithin } from '../text/quote.policy.js';
import { MEASURES } from '../text/stop-words.lexicon.js';
import { terms, words } from '../text/words.policy.js';
import type { Drafted } from './draft.js';
import type { Chosen } from './selection.policy.js';
import type { Vocabulary } from './vocabulary.policy.js';
import { why } from './why.policy.js';

function quotationOf({ sentence: { source }, span }: Candidate): ProposedNode['quotation'] {
  if (source.kind === 'constraint') return undefined;
  const quote = quoteWithin(source.original, source.cleaned, span);
  return quote === undefined ? undefined : { source: source.id, quote };
}

const byAppearance = (a: Chosen, b: Chosen): number =>
  a.candidate.sentence.order - b.candidate.sentence.order ||
  a.candidate.span.start - b.candidate.span.start ||
  b.candidate.score - a.candidate.score;

function names(candidate: Candidate): ReadonlySet<string> {
  const own = candidate.via.by === 'table' ? candidate.terms : terms(words(candidate.label, 0));
  const telling = [...own].filter((term) => !/^\d/.test(term) && !MEASURES.has(term));
  return new Set(telling.length > 0 ? telling : own);
}

/** Nodes of one kind, numbered by where they appear in the text. `about` is what each is set against in its reasons. */
export function draftNodes(
  kind: NodeKind,
  chosen: readonly Chosen[],
  about: readonly Candidate[],
  vocabulary: Vocabulary,
): readonly Drafted[] {
  return [...chosen].sort(byAppearance).map(({ candidate, echoes }, index) => {
    const id = `${kind}-${index + 1}`;
    const quotation = quotationOf(candidate);
    const node: ProposedNode = {
      id,
      kind,
      label: candidate.label,
      ...(candidate.body === undefined ? {} : { body: candidate.body }),
      why: why(candidate, echoes, about, vocabulary),
      ...(quotation === undefined ? {} : { quotation }),
    };
    return { id, kind, candidate, echoes, names: names(candidate), node };
  });
}
