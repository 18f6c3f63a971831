import { bearer, keys } from './app.ts';
import { LIBRARY_BRIEF, LIBRARY_GRAPH } from './drawn-graphs.ts';

export const ASSISTANTS = ['clarify-brief', 'critique-graph', 'suggest-options', 'explain-diff'] as const;
export type AssistantName = (typeof ASSISTANTS)[number];

/** A body each assistant accepts. */
export const assistantBodies: Readonly<Record<AssistantName, object>> = {
  'clarify-brief': { brief: LIBRARY_BRIEF, round: 0 },
  'critique-graph': { graph: LIBRARY_GRAPH, brief: LIBRARY_BRIEF },
  'suggest-options': { goal: 'Raise visits to the library by 15 percent within a year' },
  'explain-diff': {
    patch: { adds: { nodes: [{ id: 'risk-9', kind: 'risk', label: 'Evening guards resign' }], edges: [] } },
    brief: LIBRARY_BRIEF,
  },
};

/** A request to an assistant, with its usual body unless told otherwise. */
export const assistantRequest = (
  name: AssistantName,
  payload: object | string = assistantBodies[name],
  headers: Readonly<Record<string, string>> = {},
) => ({
  method: 'POST' as const,
  url: `/assist/${name}`,
  headers: { ...bearer(keys.user), 'content-type': 'application/json', ...headers },
  payload,
});
