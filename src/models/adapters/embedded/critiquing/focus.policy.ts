import { stem } from '../text/stem.policy.js';
import { terms, words } from '../text/words.policy.js';
import type { Area, Finding } from './finding.js';

/** Words that name an area, by their stems. */
const NAMES: Readonly<Record<Area, ReadonlySet<string>>> = {
  structure: stems('structure structural cycle loop edge connection connected duplicate layout'),
  completeness: stems('completeness complete missing gap coverage option alternative goal outcome risk action'),
  feasibility: stems('feasibility feasible realistic weight belief strength probability number likelihood'),
  provenance: stems('provenance evidence source quote citation document support proof'),
};

function stems(list: string): ReadonlySet<string> {
  return new Set(list.split(' ').map(stem));
}

/** Whether the finding is what somebody asked for: of its area, or about its words. */
function isMeant({ area, note }: Finding, wanted: ReadonlySet<string>): boolean {
  const said = terms(words(note, 0));
  return [...wanted].some((term) => NAMES[area].has(term) || said.has(term));
}

/**
 * What somebody wants looked at, first; the rest is left out but for blockers. Words that mean nothing here are not
 * taken to mean "nothing": everything is named then.
 */
export function focused(findings: readonly Finding[], focus: readonly string[]): readonly Finding[] {
  const wanted = new Set(focus.flatMap((phrase) => [...terms(words(phrase, 0))]));
  const meant = findings.filter((each) => isMeant(each, wanted));
  if (meant.length === 0 && !namesArea(wanted)) return findings;
  return [...meant, ...findings.filter((each) => each.level === 'BLOCKER' && !meant.includes(each))];
}

const namesArea = (wanted: ReadonlySet<string>): boolean =>
  Object.values(NAMES).some((names) => [...wanted].some((term) => names.has(term)));
