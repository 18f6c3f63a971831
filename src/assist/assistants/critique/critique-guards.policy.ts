import { type CRITIQUE_GRAPH, CritiqueLevel, type GraphQuality, type TaskProposal } from '#src/models/index.js';
import { nameEdges } from '../../drawn-graph.schema.js';
import { clip, oneLine } from '../../graph/text.policy.js';
import { distinct } from '../wording.policy.js';
import {
  type CritiqueGraphAnswer,
  type CritiqueGraphRequest,
  type CritiqueIssue,
  FIXES_MAX,
  ISSUES_MAX,
  NOTE_MAX,
  NOTE_MIN,
} from './critique-graph.schema.js';

type Proposal = TaskProposal<typeof CRITIQUE_GRAPH>;
type Targets = ReadonlyMap<string, string>;

const RANK = new Map(CritiqueLevel.options.map((level, index) => [level, index]));

/**
 * Remarks about what is there: one whose target the graph does not hold is left out, as is one that says next to
 * nothing. Blockers come first, and a graph that has one is at most fair.
 */
export function guardCritique({ graph }: CritiqueGraphRequest, proposal: Proposal): CritiqueGraphAnswer {
  const targets = targetsOf(graph);
  const issues = proposal.issues
    .flatMap((issue) => cleaned(issue, targets))
    .sort((a, b) => (RANK.get(a.level) ?? 0) - (RANK.get(b.level) ?? 0));
  const said = new Set<string>();
  const kept = issues.filter(({ note, target }) => {
    const key = JSON.stringify([note, target]);
    return !said.has(key) && said.add(key);
  });
  return {
    issues: kept.slice(0, ISSUES_MAX),
    suggested_fixes: fixes(proposal.suggested_fixes),
    overall_quality: tempered(proposal.overall_quality, kept),
  };
}

/** What a target may be called, and what it is: an id, `from::to`, or the label of a node. */
function targetsOf({ nodes, edges }: CritiqueGraphRequest['graph']): Targets {
  const named = nameEdges(edges);
  return new Map([
    ...nodes.map(({ id, label }) => [oneLine(label).toLowerCase(), id] as const),
    ...named.map(({ id, from, to }) => [`${from}::${to}`, id] as const),
    ...named.map(({ id }) => [id, id] as const),
    ...nodes.map(({ id }) => [id, id] as const),
  ]);
}

function cleaned({ level, note, target }: Proposal['issues'][number], targets: Targets): CritiqueIssue[] {
  const words = clip(note, NOTE_MAX);
  if (words.length < NOTE_MIN) return [];
  if (target === undefined || target.trim() === '') return [{ level, note: words }];
  const meant = targets.get(target) ?? targets.get(oneLine(target).toLowerCase());
  return meant === undefined ? [] : [{ level, note: words, target: meant }];
}

const fixes = (proposed: readonly string[]): string[] =>
  distinct(
    proposed.map((fix) => clip(fix, NOTE_MAX)).filter((fix) => fix !== ''),
    (fix) => fix,
  ).slice(0, FIXES_MAX);

function tempered(claimed: GraphQuality, issues: readonly CritiqueIssue[]): GraphQuality {
  const blocked = issues.some(({ level }) => level === 'BLOCKER');
  return blocked && claimed !== 'poor' ? 'fair' : claimed;
}
