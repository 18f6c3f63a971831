import { excerpt, flat } from '../text/quoted.policy.js';
import type { Check, Finding } from './finding.js';

const CERTAIN = 0.9;
/** More edges than this without a source are named together. */
const NAMED_ALONE = 3;
const QUOTE_SHOWN = 80;

const provenance = (finding: Omit<Finding, 'area'>): Finding => ({ area: 'provenance', ...finding });

const unsourced: Check = ({ drawing }) => {
  const bare = drawing.sound.filter((edge) => edge.provenance === undefined && edge.provenance_source === undefined);
  const [first] = bare;
  if (first === undefined) return [];
  if (bare.length > NAMED_ALONE) {
    return [
      provenance({
        level: 'OBSERVATION',
        note: `${bare.length} of ${drawing.sound.length} edges name nothing they rest on, ${drawing.arrow(first)} for one.`,
        fix: `Say what the edges without provenance rest on, beginning with ${drawing.arrow(first)}.`,
      }),
    ];
  }
  return bare.map((edge) =>
    provenance({
      level: 'OBSERVATION',
      note: `${drawing.arrow(edge)} names nothing it rests on: no quote and no source.`,
      target: edge.id,
      fix: `Quote what says ${drawing.arrow(edge)}, or mark the edge as a hypothesis.`,
    }),
  );
};

const unquoted: Check = ({ drawing }) =>
  drawing.sound
    .filter(({ provenance: quote, provenance_source: source }) => quote === undefined && source === 'document')
    .map((edge) =>
      provenance({
        level: 'IMPROVEMENT',
        note: `${drawing.arrow(edge)} is said to rest on a document, and quotes none.`,
        target: edge.id,
        fix: `Quote the words behind ${drawing.arrow(edge)}, or mark the edge as a hypothesis.`,
      }),
    );

const inventedQuotes: Check = ({ drawing, brief }) =>
  brief === undefined
    ? []
    : drawing.edges.flatMap((edge) => {
        const { provenance: given } = edge;
        if (given === undefined || given.source !== 'brief' || brief.text.includes(flat(given.quote))) return [];
        return [
          provenance({
            level: 'BLOCKER',
            note: `${drawing.arrow(edge)} quotes ${excerpt(given.quote, QUOTE_SHOWN)} from the brief, where these words do not stand.`,
            target: edge.id,
            fix: `Quote the brief literally for ${drawing.arrow(edge)}, or take the quote away.`,
          }),
        ];
      });

const certainGuess: Check = ({ drawing }) =>
  drawing.sound
    .filter(({ belief = 0, provenance_source: source }) => source === 'hypothesis' && belief >= CERTAIN)
    .map((edge) =>
      provenance({
        level: 'IMPROVEMENT',
        note: `${drawing.arrow(edge)} is called a hypothesis and held for certain (belief ${edge.belief}).`,
        target: edge.id,
        fix: `Lower the belief of ${drawing.arrow(edge)}, or quote what makes it more than a guess.`,
      }),
    );

/** What the edges rest on. */
export const PROVENANCE: readonly Check[] = [inventedQuotes, unquoted, certainGuess, unsourced];
