import type { DrawnEdge, DrawnNode } from '#src/models/tasks/graph-parts.schema.js';

/** A graph without a fault, and the brief it was drawn from. */
export const LIBRARY_BRIEF = [
  'Should the city library open on Sundays, or extend weekday evenings?',
  'Our goal is to raise visits by 15 percent within a year.',
  'Opening on Sundays would attract families.',
  'Longer evenings would suit commuters, who return after six.',
  'There is a risk that too few volunteers can be found for Sundays.',
  'There is a risk that the evening guards resign.',
  'We must ask the volunteers before 1 March.',
  'We must negotiate with the evening guards.',
].join(' ');

export interface DrawnGraph {
  readonly nodes: readonly DrawnNode[];
  readonly edges: readonly DrawnEdge[];
}

const edge = (from: string, to: string, weight: number, quote: string): DrawnEdge => ({
  id: `${from}::${to}::0`,
  from,
  to,
  weight,
  belief: 0.6,
  provenance: { source: 'brief', quote },
  provenance_source: 'document',
});

export const LIBRARY_GRAPH: DrawnGraph = {
  nodes: [
    { id: 'goal-1', kind: 'goal', label: 'Raise visits by 15 percent within a year' },
    { id: 'decision-1', kind: 'decision', label: 'Which hours the city library should add' },
    { id: 'option-1', kind: 'option', label: 'Open on Sundays' },
    { id: 'option-2', kind: 'option', label: 'Extend weekday evenings' },
    { id: 'outcome-1', kind: 'outcome', label: 'Sundays attract families' },
    { id: 'outcome-2', kind: 'outcome', label: 'Longer evenings suit commuters' },
    { id: 'risk-1', kind: 'risk', label: 'Too few volunteers can be found for Sundays' },
    { id: 'risk-2', kind: 'risk', label: 'Evening guards resign' },
    { id: 'action-1', kind: 'action', label: 'Ask the volunteers before 1 March' },
    { id: 'action-2', kind: 'action', label: 'Negotiate with the evening guards' },
  ],
  edges: [
    edge('decision-1', 'option-1', 0.5, 'open on Sundays'),
    edge('decision-1', 'option-2', 0.5, 'extend weekday evenings'),
    edge('option-1', 'outcome-1', 0.5, 'would attract families'),
    edge('option-2', 'outcome-2', 0.5, 'would suit commuters'),
    edge('outcome-1', 'goal-1', 0.5, 'raise visits by 15 percent'),
    edge('outcome-2', 'goal-1', 0.4, 'raise visits by 15 percent'),
    edge('risk-1', 'option-1', -0.5, 'too few volunteers can be found'),
    edge('risk-2', 'option-2', -0.5, 'the evening guards resign'),
    edge('action-1', 'risk-1', -0.4, 'ask the volunteers'),
    edge('action-2', 'risk-2', -0.4, 'negotiate with the evening guards'),
  ],
};

/** The same graph with one edge changed. */
export const withEdge = (graph: DrawnGraph, id: string, change: Partial<DrawnEdge>): DrawnGraph => ({
  ...graph,
  edges: graph.edges.map((each) => (each.id === id ? { ...each, ...change } : each)),
});

/** The same graph with one node changed. */
export const withNode = (graph: DrawnGraph, id: string, change: Partial<DrawnNode>): DrawnGraph => ({
  ...graph,
  nodes: graph.nodes.map((each) => (each.id === id ? { ...each, ...change } : each)),
});

/** The same graph without some nodes and what hangs on them, or without some edges. */
export const without = (graph: DrawnGraph, ...ids: readonly string[]): DrawnGraph => ({
  nodes: graph.nodes.filter(({ id }) => !ids.includes(id)),
  edges: graph.edges.filter(({ id, from, to }) => ![id, from, to].some((each) => ids.includes(each))),
});

/** The same graph with more nodes or edges. */
export const more = (graph: DrawnGraph, added: Partial<DrawnGraph>): DrawnGraph => ({
  nodes: [...graph.nodes, ...(added.nodes ?? [])],
  edges: [...graph.edges, ...(added.edges ?? [])],
});

/** An edge that stands on something the brief says. */
export const drawn = (from: string, to: string, change: Partial<DrawnEdge> = {}): DrawnEdge => ({
  ...edge(from, to, 0.5, 'open on Sundays'),
  ...change,
});
