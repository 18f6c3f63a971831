import type { NodeKind } from '../../../draft-graph.schema.js';

/** What a heading, a label or a lead-in announces. Order matters: the first that fits wins. */
const SECTIONS: readonly (readonly [NodeKind, RegExp])[] = [
  [
    'risk',
    /\b(?:risks?|concerns?|threats?|worries|go(?:es)? wrong|downsides?|cons|drawbacks?|dangers?|disadvantages?|objections?)\b/iu,
  ],
  [
    'option',
    /\b(?:options?|alternatives?|choices|possibilit(?:y|ies)|scenarios?|ways forward|courses?|paths|approaches|proposals?|recommendations?|candidates)\b/iu,
  ],
  [
    'action',
    /\b(?:next steps?|actions?|to-?dos?|tasks?|agreed|required|who (?:has|needs) to act|measures|follow-?ups?|milestones|action items)\b/iu,
  ],
  [
    'outcome',
    /\b(?:benefits?|outcomes?|results?|pros|advantages?|upsides?|impacts?|effects?|consequences|bring|gain|expected)\b/iu,
  ],
  ['goal', /\b(?:goals?|objectives?|aims?|purpose|success|mission|vision|targets?|what we want|priorit(?:y|ies))\b/iu],
  ['decision', /\b(?:decision|question|decided|decide|choice|dilemma)\b/iu],
  [
    'factor',
    /\b(?:constraints?|budget|facts?|background|context|assumptions?|findings?|conditions|limits?|why now|timeline|deadline|resources|situation|problem|status|costs?|requirements?)\b/iu,
  ],
];

/** The kind of statement that `title` announces, if it announces one. Long titles announce nothing. */
export function sectionOf(title: string): NodeKind | undefined {
  if (title.length > 80) return undefined;
  return SECTIONS.find(([, pattern]) => pattern.test(title))?.[0];
}
