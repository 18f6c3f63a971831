import { describe, expect, it } from '@jest/globals';
import {
  type CorpusBrief,
  corpus,
  type Expectations,
  finished,
  inputOf,
} from '../../../../test/support/briefs/corpus.ts';
import { proposalFaults } from '../../../../test/support/briefs/proposal-checker.ts';
import { DraftProposal, type NodeKind } from '../../draft-graph.schema.js';
import { draftGraph } from './drafting/draft-graph.policy.js';

const briefs = corpus();
const drafts = new Map(briefs.map((each) => [each.id, finished(draftGraph(inputOf(each))).result]));
const draftOf = ({ id }: CorpusBrief): DraftProposal => drafts.get(id) ?? { nodes: [], edges: [], confidence: 0 };

const KIND: Readonly<Record<keyof Expectations, NodeKind>> = {
  goal: 'goal',
  decision: 'decision',
  options: 'option',
  risks: 'risk',
  outcomes: 'outcome',
  actions: 'action',
  factors: 'factor',
};

interface Expected {
  readonly brief: string;
  readonly kind: NodeKind;
  readonly words: string;
  readonly found: boolean;
}

function expected(each: CorpusBrief): readonly Expected[] {
  const { nodes } = draftOf(each);
  return (Object.keys(KIND) as (keyof Expectations)[]).flatMap((field) =>
    (each.expects[field] ?? []).map((words) => {
      const kind = KIND[field];
      const found = nodes.some((node) => node.kind === kind && node.label.toLowerCase().includes(words.toLowerCase()));
      return { brief: each.id, kind, words, found };
    }),
  );
}

const labelWords = (each: CorpusBrief): ReadonlySet<string> =>
  new Set(draftOf(each).nodes.flatMap(({ label }) => label.toLowerCase().match(/[\p{L}\p{N}]+/gu) ?? []));

function likeness(one: ReadonlySet<string>, other: ReadonlySet<string>): number {
  const common = [...one].filter((word) => other.has(word)).length;
  return common / (one.size + other.size - common);
}

describe('the twelve briefs', () => {
  it('are twelve, of twelve fields, three with documents', () => {
    expect(briefs.length).toBe(12);
    expect(new Set(briefs.map(({ field }) => field)).size).toBe(12);
    expect(briefs.filter(({ documents }) => documents.length > 0).length).toBe(3);
    for (const { brief } of briefs) expect(brief.length).toBeGreaterThanOrEqual(200);
  });

  it.each(briefs.map((each) => [each.id, each] as const))(
    '%s gives a proposal that keeps every promise',
    (_id, each) => {
      expect(proposalFaults(draftOf(each), inputOf(each))).toEqual([]);
      expect(DraftProposal.safeParse(draftOf(each)).success).toBe(true);
    },
  );

  it.each(briefs.map((each) => [each.id, each] as const))(
    '%s has a goal, a decision and a choice, all connected',
    (_id, each) => {
      const { nodes, edges } = draftOf(each);
      const count = (kind: NodeKind): number => nodes.filter((node) => node.kind === kind).length;
      expect([count('goal') > 0, count('decision') > 0, count('option') > 1]).toEqual([true, true, true]);
      const connected = new Set(edges.flatMap(({ from, to }) => [from, to]));
      expect(nodes.filter(({ id }) => !connected.has(id)).map(({ id, label }) => `${id} ${label}`)).toEqual([]);
    },
  );

  it('give what a reader expects, under the right kind, at least four times in five, and every kind at least seven times in ten', () => {
    const all = briefs.flatMap(expected);
    const missed = all.filter(({ found }) => !found);
    expect(missed.length / all.length).toBeLessThanOrEqual(0.2);
    for (const kind of Object.values(KIND)) {
      const own = all.filter((each) => each.kind === kind);
      expect([kind, own.filter(({ found }) => found).length / own.length >= 0.7]).toEqual([kind, true]);
    }
  });

  it('give pairwise different graphs', () => {
    const words = briefs.map(labelWords);
    const alike = words.flatMap((one, at) => words.slice(at + 1).map((other) => likeness(one, other)));
    expect(Math.max(...alike)).toBeLessThan(0.5);
  });

  it('give readable labels', () => {
    for (const { nodes } of drafts.values()) {
      for (const { label } of nodes) {
        expect(label).not.toMatch(/^(?:and|but|or|which|because|that|the|an?(?! few\b))\s/i);
        expect(label).not.toMatch(/\s(?:and|or|the|a|an|of|to|with|for|because|which)$/);
        expect(label).not.toMatch(/\b(\w+) \1\b/i);
      }
    }
  });

  it('give reasons of their own: no two nodes share one', () => {
    const reasons = [...drafts.values()].flatMap(({ nodes }) => nodes.map(({ why, label }) => `${why} ${label}`));
    expect(new Set(reasons).size).toBe(reasons.length);
  });
});
