import type { EXPLAIN_DIFF } from '../../../tasks/explain-diff.schema.js';
import type { TaskInput } from '../../../tasks/task.js';
import { excerpt } from '../text/quoted.policy.js';

export type Patch = Pick<TaskInput<typeof EXPLAIN_DIFF>, 'adds' | 'updates' | 'removes'>;

const LABEL_SHOWN = 60;
const EDGE_ID = /^(.+?)::(.+)::\d+$/su;

/** The ends of an edge, as far as its id tells them. */
export function endsOf(id: string): { readonly from: string; readonly to: string } | undefined {
  const [, from, to] = EDGE_ID.exec(id) ?? [];
  return from === undefined || to === undefined ? undefined : { from, to };
}

/** What the patch itself tells of the parts it names. */
export class PatchParts {
  private readonly labels: ReadonlyMap<string, string>;
  private readonly removed: ReadonlySet<string>;
  private readonly given: ReadonlySet<string>;

  constructor(readonly patch: Patch) {
    const labelled = [...patch.updates, ...patch.adds.nodes];
    this.labels = new Map(labelled.flatMap(({ id, label }) => (label === undefined ? [] : [[id, label] as const])));
    this.removed = new Set(patch.removes);
    this.given = new Set([...patch.adds.nodes, ...patch.adds.edges, ...patch.updates].map(({ id }) => id));
  }

  /** Its label, where the patch holds one; else its id. */
  wording(id: string): string {
    return this.labels.get(id) ?? id;
  }

  name(id: string): string {
    return excerpt(this.wording(id), LABEL_SHOWN);
  }

  /** Whether the patch adds or updates it. */
  isGivenAnew(id: string): boolean {
    return this.given.has(id);
  }

  isRemoved(id: string): boolean {
    return this.removed.has(id);
  }
}
