import { readdirSync, readFileSync } from 'node:fs';
import type { DraftInput } from '#src/models/draft-graph.schema.js';

/** What a reader of the brief would expect in its graph: words of a label, written before any engine saw the brief. */
export interface Expectations {
  readonly goal: readonly string[];
  readonly decision: readonly string[];
  readonly options: readonly string[];
  readonly risks: readonly string[];
  readonly outcomes?: readonly string[];
  readonly actions?: readonly string[];
  readonly factors?: readonly string[];
}

export interface CorpusBrief extends Pick<DraftInput, 'brief' | 'documents' | 'constraints'> {
  readonly id: string;
  readonly field: string;
  readonly style: string;
  readonly expects: Expectations;
}

const folder = new URL('.', import.meta.url);

/** Twelve briefs of different fields and styles, three of them with documents. */
export function corpus(): readonly CorpusBrief[] {
  return readdirSync(folder)
    .filter((name) => name.endsWith('.json'))
    .sort()
    .map((name) => JSON.parse(readFileSync(new URL(name, folder), 'utf8')));
}

export const inputOf = ({ brief, documents, constraints }: CorpusBrief): DraftInput => ({
  brief,
  documents,
  constraints,
  limits: { maxNodes: 50, maxEdges: 200 },
});

/** What a generator returns in the end, and how often it stopped on the way. */
export function finished<Step, Result>(
  steps: Generator<Step, Result>,
): { readonly result: Result; readonly steps: readonly Step[] } {
  const seen: Step[] = [];
  for (let step = steps.next(); ; step = steps.next()) {
    if (step.done === true) return { result: step.value, steps: seen };
    seen.push(step.value);
  }
}
