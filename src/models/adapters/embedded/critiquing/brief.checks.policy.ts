import type { NodeKind } from '../../../draft-graph.schema.js';
import type { CritiqueLevel } from '../../../tasks/critique-graph.schema.js';
import { coverage } from '../drafting/vocabulary.policy.js';
import { excerpt } from '../text/quoted.policy.js';
import { terms, words } from '../text/words.policy.js';
import type { BriefReading, Check, View } from './finding.js';

/** Parts whose absence counts, and how much. */
const MISSED: readonly (readonly [NodeKind, CritiqueLevel])[] = [
  ['goal', 'IMPROVEMENT'],
  ['option', 'IMPROVEMENT'],
  ['risk', 'IMPROVEMENT'],
  ['outcome', 'OBSERVATION'],
  ['action', 'OBSERVATION'],
  ['factor', 'OBSERVATION'],
];
/** Share of a statement's words that a node must say to stand for it. */
const COVERED = 0.5;
/** A label that shares less than this with the brief is not from there. */
const SUPPORTED = 0.25;
const LABEL_SHOWN = 90;
const MOST_OF_A_KIND = 3;

const nodeTerms = ({ drawing }: View): readonly ReadonlySet<string>[] =>
  drawing.nodes.map(({ label, body = '' }) => terms(words(`${label} ${body}`, 0)));

/** What the brief states of one kind, and no node says. */
function missing({ plan, vocabulary }: BriefReading, drawn: readonly ReadonlySet<string>[], kind: NodeKind) {
  return plan[kind]
    .map(({ candidate }) => candidate)
    .filter(({ via }) => via.by !== 'inferred')
    .filter(({ label }) => {
      const own = terms(words(label, 0));
      return own.size > 0 && !drawn.some((each) => coverage(own, each, vocabulary) >= COVERED);
    })
    .slice(0, MOST_OF_A_KIND);
}

const missed: Check = (view) => {
  const { brief, drawing } = view;
  if (brief === undefined || drawing.nodes.length === 0) return [];
  const drawn = nodeTerms(view);
  return MISSED.flatMap(([kind, level]) =>
    missing(brief, drawn, kind).map(({ label }) => ({
      level,
      area: 'completeness',
      note: `The brief speaks of the ${kind} ${excerpt(label, LABEL_SHOWN)}, and no node does.`,
      fix: `Draw the ${kind} ${excerpt(label, LABEL_SHOWN)} that the brief names.`,
    })),
  );
};

const unsupported: Check = ({ brief, drawing }) =>
  brief === undefined
    ? []
    : drawing.nodes
        .filter(({ label }) => {
          const own = terms(words(label, 0));
          return own.size > 0 && coverage(own, brief.terms, brief.vocabulary) < SUPPORTED;
        })
        .map(({ id, kind }) => ({
          level: 'OBSERVATION',
          area: 'provenance',
          note: `No sentence of the brief speaks of the ${kind} ${drawing.name(id)}.`,
          target: id,
          fix: `Say where ${drawing.name(id)} comes from, or leave it out.`,
        }));

/** The graph against the brief it was drawn from. */
export const AGAINST_BRIEF: readonly Check[] = [missed, unsupported];
