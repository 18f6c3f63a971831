import type { DrawnNode } from '../../../tasks/graph-parts.schema.js';
import { type Bound, boundsIn, exceeds } from '../text/bounds.policy.js';
import { excerpt, flat } from '../text/quoted.policy.js';
import type { Check, View } from './finding.js';

const SHOWN = 90;

/** A figure that limits or is needed, with the words that state it. */
interface Stated {
  readonly bound: Bound;
  readonly words: string;
  /** Nothing where only the brief states it. */
  readonly node: DrawnNode | undefined;
}

/** Every figure once: what the brief and a node state alike counts as the node's. A risk only says what might be. */
function figures({ drawing, brief }: View): readonly Stated[] {
  const drawn = drawing.nodes
    .filter(({ kind }) => kind !== 'risk')
    .flatMap((node) =>
      [node.label, node.body ?? ''].flatMap((words) => boundsIn(words).map((bound) => ({ bound, words, node }))),
    );
  const known = new Set(drawn.map(({ bound }) => key(bound)));
  const told = (brief?.statements ?? []).flatMap((words) =>
    boundsIn(words).map((bound) => ({ bound, words, node: undefined })),
  );
  return [...drawn, ...told.filter(({ bound }) => !known.has(key(bound)) && known.add(key(bound)))];
}

const key = ({ is, amount: { measure, value } }: Bound): string => `${is} ${measure} ${value}`;

const speaker = ({ node }: Stated): string => (node === undefined ? 'The brief' : `The ${node.kind} “${node.id}”`);
const said = ({ words }: Stated): string => excerpt(flat(words).replace(/[.;,\s]+$/u, ''), SHOWN);

/** What is needed, and the tightest limit it goes over. */
const overLimit: Check = (view) => {
  const all = figures(view);
  const limits = all
    .filter(({ bound }) => bound.is === 'limit')
    .toSorted((a, b) => a.bound.amount.value - b.bound.amount.value);
  return all.flatMap((need) => {
    const limit = limits.find(({ bound }) => exceeds(need.bound, bound));
    if (limit === undefined) return [];
    const target = need.node?.id ?? limit.node?.id;
    return [
      {
        level: target === undefined ? 'IMPROVEMENT' : 'BLOCKER',
        area: 'feasibility',
        note: `${speaker(need)} says ${said(need)}, which is over the limit: ${said(limit)}.`,
        ...(target === undefined ? {} : { target }),
        fix: `Bring “${need.bound.amount.written}” within “${limit.bound.amount.written}”, or say how the limit is to be raised.`,
      },
    ];
  });
};

/** Whether what is stated can be paid, held and done in time. */
export const LIMITS: readonly Check[] = [overLimit];
