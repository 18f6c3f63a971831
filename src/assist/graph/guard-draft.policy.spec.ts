import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { graphFaults, quoteFaults } from '../../../test/support/documents-checker.ts';
import type { IssueCode } from '../issue.schema.js';
import { type GuardedDraft, guardDraft } from './guard-draft.policy.js';
import type { Source } from './quotes.policy.js';

const brief = 'We must choose a warehouse in Leipzig or Halle before June 😀 and the rent in Halle is low.';
const report = 'Page one talks.\nHalle floods every ten years.';
const sourceList: readonly Source[] = [
  { id: 'brief', kind: 'brief', text: brief, pageStarts: [] },
  { id: 'report', kind: 'pdf', text: report, pageStarts: [0, 16] },
  { id: 'sales', kind: 'csv', text: 'revenue: count 3, mean 20.', pageStarts: [] },
];
const sources = new Map(sourceList.map((source) => [source.id, source]));
const texts = new Map(sourceList.map(({ id, text }) => [id, text]));
const limits = { maxNodes: 50, maxEdges: 200 };

const node = (id: string, kind = 'factor', more: object = {}) => ({
  id,
  kind,
  label: `The ${id}`,
  why: 'Because',
  ...more,
});
const guard = (nodes: readonly unknown[], edges: readonly unknown[] = [], more: object = {}): GuardedDraft =>
  guardDraft({ nodes, edges, confidence: 0.8, ...more }, sources, limits);
const codes = ({ issues }: GuardedDraft): IssueCode[] => issues.map(({ code }) => code);
const quotation = (source: string, quote: string) => ({ quotation: { source, quote } });

describe('nodes of a proposal', () => {
  it('stand sorted under safe ids, whatever the model called them', () => {
    const { graph } = guard([
      node('__proto__'),
      node('b::c'),
      node(' ', 'risk', { label: 'x' }),
      node('a'),
      node('constructor'),
    ]);
    expect(graph.nodes.map(({ id }) => id)).toEqual(['a', 'b-c', 'constructor', 'proto', 'risk']);
    expect(Object.keys(graph.meta.suggested_positions)).toHaveLength(5);
  });

  it('of an unknown kind are left out by name', () => {
    const draft = guard([node('a'), node('b', 'wizard')]);
    expect(draft.graph.nodes).toHaveLength(1);
    expect(draft.issues).toContainEqual(expect.objectContaining({ code: 'node_kind_unknown', target: 'b' }));
  });

  it('are merged when they share an id or say the same, and their edges follow', () => {
    const nodes = [node('a'), node('a', 'risk'), node('twin', 'factor', { label: 'THE A' }), node('b')];
    const draft = guard(nodes, [{ from: 'twin', to: 'b' }]);
    expect(draft.graph.nodes.map(({ id }) => id)).toEqual(['a', 'b']);
    expect(draft.graph.edges.map(({ id }) => id)).toEqual(['a::b::0']);
    expect(codes(draft)).toEqual(['node_merged', 'node_merged']);
  });

  it('get different ids when their safe forms agree', () => {
    const { graph } = guard([node('x y'), node('x-y', 'factor', { label: 'other' }), node('x-y-2', 'risk')]);
    expect(graph.nodes.map(({ id }) => id)).toEqual(['x-y', 'x-y-2', 'x-y-2-2']);
  });

  it('lose control characters, direction overrides and excess length', () => {
    const label = `a\u0000b\u202e\n c${'d'.repeat(200)}`;
    const draft = guard([node('a', 'goal', { label, body: '\u0007' })]);
    expect(draft.graph.nodes[0]?.label).toMatch(/^a b cd{100,}$/);
    expect(draft.graph.nodes[0]).not.toHaveProperty('body');
    expect(codes(draft)).toEqual(['text_shortened']);
  });

  it('over the limit give way by kind and by number of edges, and are counted', () => {
    const nodes = [...Array.from({ length: 60 }, (_, index) => node(`f${index}`)), node('g', 'goal')];
    const draft = guard(nodes, [
      { from: 'g', to: 'f59' },
      { from: 'f0', to: 'f58' },
      { from: 'f0', to: 'f55' },
    ]);
    expect(draft.graph.nodes).toHaveLength(50);
    expect(draft.graph.nodes.map(({ id }) => id)).toEqual(expect.arrayContaining(['g', 'f59', 'f0', 'f58', 'f55']));
    expect(draft.issues).toContainEqual(
      expect.objectContaining({
        code: 'graph_limit_exceeded',
        message: expect.stringContaining('11 nodes and 0 edges'),
      }),
    );
  });
});

describe('edges of a proposal', () => {
  const pair = [node('a'), node('b'), node('c')];

  it.each([
    ['to a node that does not exist', { from: 'a', to: 'nowhere' }, 'edge_dangling'],
    ['named after machinery of objects', { from: 'a', to: 'toString' }, 'edge_dangling'],
    ['to the same node', { from: 'a', to: 'a' }, 'edge_self_loop'],
    ['without an end', { from: 'a' }, 'edge_invalid'],
    ['that are no edges', null, 'edge_invalid'],
  ])('%s are left out by name', (_what, edge, code) => {
    const draft = guard(pair, [edge]);
    expect(draft.graph.edges).toEqual([]);
    expect(codes(draft)).toEqual([code]);
  });

  it('are merged when they say the same; the stronger stays', () => {
    const draft = guard(pair, [
      { from: 'a', to: 'b', weight: 0.2 },
      { from: 'a', to: 'b', weight: -0.9 },
    ]);
    expect(draft.graph.edges).toEqual([expect.objectContaining({ id: 'a::b::0', weight: -0.9 })]);
    expect(codes(draft)).toEqual(['edge_merged']);
  });

  it('stay apart when different words support them', () => {
    const first = { from: 'a', to: 'b', ...quotation('brief', 'the rent in Halle is low') };
    const draft = guard(pair, [first, { from: 'a', to: 'b', ...quotation('report', 'Halle floods') }]);
    expect(draft.graph.edges.map(({ id }) => id)).toEqual(['a::b::0', 'a::b::1']);
  });

  it('break a cycle at its weakest edge, and say so', () => {
    const cycle = [
      { from: 'a', to: 'b', weight: 0.9, belief: 0.9 },
      { from: 'b', to: 'c', weight: 0.1, belief: 0.2 },
      { from: 'c', to: 'a', weight: 0.8, belief: 0.9 },
    ];
    const draft = guard(pair, cycle);
    expect(draft.graph.edges.map(({ id }) => id)).toEqual(['a::b::0', 'c::a::0']);
    expect(draft.issues).toContainEqual(expect.objectContaining({ code: 'cycle_broken', target: 'b::c' }));
    expect(draft.graph.meta).toMatchObject({ roots: ['c'], leaves: ['b'] });
  });

  it('drop weights and beliefs that are no such numbers', () => {
    const { graph } = guard(pair, [{ from: 'a', to: 'b', weight: Number.NaN, belief: 7 }]);
    expect(graph.edges).toEqual([{ id: 'a::b::0', from: 'a', to: 'b', provenance_source: 'hypothesis' }]);
  });
});

describe('quotes of a proposal', () => {
  const pair = [node('a'), node('b')];
  const edgeWith = (source: string, quote: string) =>
    guard(pair, [{ from: 'a', to: 'b', belief: 0.8, ...quotation(source, quote) }]);

  it.each([
    ['in the brief, counted in code points', 'brief', 'and the rent', 'and the rent', 'chars 61-73', 'document'],
    ['on a page of a PDF', 'report', 'Halle floods', 'Halle floods', 'page 2, chars 16-28', 'document'],
    ['in the summary of a table', 'sales', 'mean 20', 'mean 20', 'summary chars 18-25', 'metric'],
    ['across a line break', 'report', 'talks. Halle', 'talks.\nHalle', 'page 1, chars 9-21', 'document'],
  ])('are located: %s', (_what, source, quote, literal, location, basis) => {
    const { graph } = edgeWith(source, quote);
    expect(graph.edges[0]).toMatchObject({
      belief: 0.8,
      provenance: { source, quote: literal, location },
      provenance_source: basis,
    });
  });

  it.each([
    ['invented words', 'brief', 'the rent in Halle is high'],
    ['words of another source', 'brief', 'Halle floods'],
    ['an unknown source', 'elsewhere', 'Halle'],
    ['no words', 'brief', '  '],
    ['other letters', 'brief', 'we must choose'],
    ['a pattern', 'brief', '.* (a+)+$'],
    ['half a character', 'brief', '\ude00 and the rent'],
  ])('are removed for %s, and the edge is believed less', (_what, source, quote) => {
    const draft = edgeWith(source, quote);
    expect(draft.graph.edges).toEqual([
      { id: 'a::b::0', from: 'a', to: 'b', belief: 0.4, provenance_source: 'hypothesis' },
    ]);
    expect(draft.issues).toEqual([expect.objectContaining({ code: 'quote_not_found', target: 'a::b' })]);
    expect(draft.findings).toMatchObject({ quotesLost: 1, quotesHeld: 0 });
  });

  it('of nodes stand in their rationales', () => {
    const draft = guard([
      node('a', 'risk', quotation('report', 'Halle floods')),
      node('b', 'risk', quotation('brief', 'no'.repeat(9))),
    ]);
    expect(draft.rationales).toEqual([
      {
        target: 'a',
        why: 'Because',
        provenance: { source: 'report', quote: 'Halle floods', location: 'page 2, chars 16-28' },
      },
      { target: 'b', why: 'Because', provenance: null },
    ]);
    expect(draft.issues).toEqual([expect.objectContaining({ code: 'quote_not_found', target: 'b' })]);
  });
});

describe('a proposal that is not one', () => {
  it.each([[undefined], [null], ['graph'], [[]], [{ nodes: 'many' }], [{ nodes: [null, 1, {}], edges: {} }]])(
    '%j becomes the empty graph, with a word about it',
    (value) => {
      const draft = guardDraft(value, sources, limits);
      expect(draft.graph.nodes).toEqual([]);
      expect(codes(draft)).toContain('graph_empty');
    },
  );
});

describe('whatever a model proposes', () => {
  const odd = fc.oneof(
    fc.constantFrom('A', '__proto__', 'constructor', 'toString', 'a::b', 'a b', '\u0000', '-', '😀'),
    fc.string({ unit: 'binary' }),
  );
  const id = fc.oneof(
    { weight: 8, arbitrary: fc.constantFrom('a', 'b', 'c', 'd', 'e', 'f') },
    { weight: 1, arbitrary: odd },
  );
  const text = fc.oneof(
    { weight: 4, arbitrary: fc.stringMatching(/^[a-z]{3,9}$/) },
    { weight: 1, arbitrary: fc.string({ unit: 'binary', maxLength: 300 }) },
    { weight: 1, arbitrary: fc.constant(brief.slice(3, 40)) },
  );
  const quoted = fc.record({
    source: fc.constantFrom('brief', 'report', 'sales', '__proto__', 'x'),
    quote: fc.oneof(
      text,
      fc.nat(60).map((start) => brief.slice(start, start + 20)),
      fc.constant(report),
    ),
  });
  const proposedNode = fc.record(
    {
      id,
      kind: fc.constantFrom('goal', 'decision', 'option', 'outcome', 'risk', 'action', 'factor', 'x', '__proto__'),
      label: text,
      body: text,
      why: text,
      quotation: quoted,
    },
    { requiredKeys: ['id', 'kind', 'label'] },
  );
  const number = fc.oneof(fc.double(), fc.double({ min: -1, max: 1 }));
  const proposedEdge = fc.record(
    { from: id, to: id, weight: number, belief: number, basis: fc.constantFrom('document', 'x'), quotation: quoted },
    { requiredKeys: ['from', 'to'] },
  );
  const some = <T>(arbitrary: fc.Arbitrary<T>) =>
    fc.array(fc.oneof({ weight: 20, arbitrary }, fc.anything()), { maxLength: 60 });
  const proposal = fc.oneof(
    {
      weight: 20,
      arbitrary: fc.record({ nodes: some(proposedNode), edges: some(proposedEdge), confidence: fc.anything() }),
    },
    fc.anything(),
  );
  const few = { maxNodes: 5, maxEdges: 7 };

  it('the graph keeps every promise', () => {
    fc.assert(
      fc.property(proposal, (value) => {
        const { graph, rationales } = guardDraft(value, sources, few);
        expect(graphFaults(graph, { ...few, texts })).toEqual([]);
        expect(
          rationales.flatMap(({ provenance }) => (provenance === null ? [] : quoteFaults(provenance, texts))),
        ).toEqual([]);
        expect(
          rationales.every(({ target, why }) => why.length <= 280 && graph.nodes.some((known) => known.id === target)),
        ).toBe(true);
      }),
      { numRuns: 300 },
    );
  });

  it('what is missing from the graph is accounted for', () => {
    fc.assert(
      fc.property(proposal, (value) => {
        const { graph, issues } = guardDraft(value, sources, few);
        const sent = fc.stringify(value);
        const proposed =
          Object(value) === value && 'nodes' in Object(value) && Array.isArray(Object(value).nodes)
            ? Object(value).nodes.length
            : 0;
        if (proposed > graph.nodes.length) expect({ issues: issues.length > 0, sent }).toEqual({ issues: true, sent });
      }),
    );
  });

  it('the same proposal gives the same bytes', () => {
    fc.assert(
      fc.property(proposal, (value) => {
        expect(JSON.stringify(guardDraft(value, sources, few))).toBe(JSON.stringify(guardDraft(value, sources, few)));
      }),
      { numRuns: 50 },
    );
  });

  it('a graph of two hundred nodes that all point at each other stays within limits', () => {
    const names = Array.from({ length: 200 }, (_, index) => `n${index}`);
    const nodes = names.map((name) => node(name));
    const edges = names.flatMap((from) => names.map((to) => ({ from, to, weight: 0.5 })));
    const draft = guard(nodes, edges);
    expect(graphFaults(draft.graph, { ...limits, texts })).toEqual([]);
    expect(codes(draft)).toContain('graph_limit_exceeded');
  });
});
