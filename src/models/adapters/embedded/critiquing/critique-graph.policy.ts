import { type CRITIQUE_GRAPH, CritiqueLevel, type GraphQuality } from '../../../tasks/critique-graph.schema.js';
import type { TaskInput, TaskProposal } from '../../../tasks/task.js';
import { gather } from '../drafting/gather.policy.js';
import { plan } from '../drafting/plan.policy.js';
import { sourcesOf } from '../drafting/sources.policy.js';
import { underItsLabel } from '../drafting/spoken.policy.js';
import { flat } from '../text/quoted.policy.js';
import { AGAINST_BRIEF } from './brief.checks.policy.js';
import { COMPLETENESS } from './completeness.checks.policy.js';
import { CONTRADICTIONS } from './contradiction.checks.policy.js';
import { Drawing } from './drawing.js';
import { FEASIBILITY } from './feasibility.checks.policy.js';
import type { BriefReading, Finding } from './finding.js';
import { focused } from './focus.policy.js';
import { INTEGRITY } from './integrity.checks.policy.js';
import { LIMITS } from './limits.checks.policy.js';
import { PROVENANCE } from './provenance.checks.policy.js';
import { STRUCTURE } from './structure.checks.policy.js';
import { WORDING } from './wording.checks.policy.js';

const CHECKS = [
  ...INTEGRITY,
  ...COMPLETENESS,
  ...CONTRADICTIONS,
  ...STRUCTURE,
  ...WORDING,
  ...FEASIBILITY,
  ...LIMITS,
  ...PROVENANCE,
  ...AGAINST_BRIEF,
];
const FIXES = 5;
/** From so many improvements on a graph is not good any more, and so many observations it may have and be excellent. */
const MANY_IMPROVEMENTS = 4;
const FEW_OBSERVATIONS = 2;

function* readBrief(text: string | undefined): Generator<undefined, BriefReading | undefined> {
  if (text === undefined) return undefined;
  const sources = sourcesOf({ brief: text, documents: [], constraints: [] });
  const gathered = yield* gather(sources);
  const terms = new Set(gathered.sentences.flatMap((sentence) => [...sentence.terms]));
  const statements = gathered.sentences.filter(({ addressed, question }) => !addressed && !question).map(underItsLabel);
  return { text: flat(text), statements, plan: plan(gathered, sources[0]), terms, vocabulary: gathered.vocabulary };
}

const rank = ({ level }: Finding): number => CritiqueLevel.options.indexOf(level);

/** `poor`: two blockers, or one among many faults. `fair`: one blocker, or many improvements. `good`: some. `excellent`: none. */
function qualityOf(findings: readonly Finding[]): GraphQuality {
  const count = (wanted: CritiqueLevel): number => findings.filter(({ level }) => level === wanted).length;
  const [blockers, improvements, observations] = [count('BLOCKER'), count('IMPROVEMENT'), count('OBSERVATION')];
  if (blockers > 1 || (blockers === 1 && improvements >= MANY_IMPROVEMENTS)) return 'poor';
  if (blockers === 1 || improvements >= MANY_IMPROVEMENTS) return 'fair';
  return improvements > 0 || observations > FEW_OBSERVATIONS ? 'good' : 'excellent';
}

/**
 * Looks at a graph with every check, and at the brief it was drawn from. The same graph gets the same critique; its
 * quality is judged by all that was found, also by what the focus leaves out. Yields where it can be paused.
 */
export function* critiqueGraph({
  nodes,
  edges,
  brief: text,
  focus,
}: TaskInput<typeof CRITIQUE_GRAPH>): Generator<undefined, TaskProposal<typeof CRITIQUE_GRAPH>> {
  const brief = yield* readBrief(text);
  const view = { drawing: new Drawing(nodes, edges), brief };
  const found: Finding[] = [];
  for (const check of CHECKS) {
    found.push(...check(view));
    yield undefined;
  }
  const ordered = focused(found, focus).toSorted((a, b) => rank(a) - rank(b));
  return {
    issues: ordered.map(({ level, note, target }) => ({ level, note, ...(target === undefined ? {} : { target }) })),
    suggested_fixes: [...new Set(ordered.map(({ fix }) => fix))].slice(0, FIXES),
    overall_quality: qualityOf(found),
  };
}
