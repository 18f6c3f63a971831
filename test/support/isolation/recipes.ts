import { ROLES, type Role } from './callers.ts';
import type { Kind } from './estate.ts';

/** Where a name of something stands in a request: `path id`, `query cursor`, `header x-resume-token`, `body library_ids`. */
export type Place = `${'path' | 'query' | 'header' | 'body'} ${string}`;

/** What has to be known of an operation to attack it. */
export type Recipe =
  /** Anybody may call it, for this reason. */
  | { readonly open: string }
  | {
      /** Who may call it: written down here once more, so that a rule cannot be loosened in one place. */
      readonly may: readonly Role[];
      /** Whose the things are that it works with. */
      readonly of: 'tenant' | 'principal';
      /** What each place takes; `none` where nothing of the kind can be made yet. */
      readonly takes?: Readonly<Record<Place, Kind | 'none'>>;
      /** What stands in places that name something which is everybody's. */
      readonly common?: Readonly<Record<Place, string>>;
      readonly headers?: Readonly<Record<string, string>>;
      /** A body that is accepted. Its places hold no name. */
      readonly body?: unknown;
    };

const DRAFTERS = ROLES.filter((role) => role !== 'auditor');
const PAGE = 'It holds nothing of a tenant';
const PROBE = 'Whoever runs the service must see it, and it names no tenant';
const draft = { brief: 'Should the harbour lend its cranes to the shipyard, or keep them for the ferries?' };
const graph = { nodes: [{ id: 'goal-1', kind: 'goal', label: 'Earn more from the cranes' }], edges: [] };

/** How each operation of the document is called. One that is missing fails the test. */
export const recipes: Readonly<Record<string, Recipe>> = {
  'POST /v1/keys': { may: ['admin'], of: 'tenant', body: { name: 'n', kind: 'api', roles: ['user'] } },
  'GET /v1/keys': { may: ['admin'], of: 'tenant', takes: { 'query cursor': 'cursor' } },
  'POST /v1/keys/{id}/rotate': { may: ['admin'], of: 'tenant', takes: { 'path id': 'key' }, body: {} },
  'DELETE /v1/keys/{id}': { may: ['admin'], of: 'tenant', takes: { 'path id': 'key' } },
  'GET /v1/limits': { may: ROLES, of: 'principal' },
  'GET /v1/streams/{id}/events': {
    may: ROLES,
    of: 'principal',
    takes: { 'path id': 'stream' },
    headers: { 'last-event-id': '1' },
  },
  'DELETE /v1/streams/{id}': { may: DRAFTERS, of: 'principal', takes: { 'path id': 'running' } },
  'POST /assist/draft-graph': { may: DRAFTERS, of: 'principal', takes: { 'body library_ids': 'none' }, body: draft },
  'POST /assist/draft-graph/stream': {
    may: DRAFTERS,
    of: 'principal',
    takes: { 'body library_ids': 'none' },
    body: draft,
  },
  'POST /assist/draft-graph/resume': {
    may: ROLES,
    of: 'principal',
    takes: { 'header x-resume-token': 'token' },
    headers: { 'last-event-id': '1' },
  },
  'POST /assist/clarify-brief': { may: DRAFTERS, of: 'principal', body: { ...draft, round: 0 } },
  'POST /assist/critique-graph': { may: DRAFTERS, of: 'principal', body: { graph } },
  'POST /assist/suggest-options': { may: DRAFTERS, of: 'principal', body: { goal: 'Earn more from the cranes' } },
  'POST /assist/explain-diff': { may: DRAFTERS, of: 'principal', body: { patch: { removes: ['risk-9'] } } },
  'POST /v1/redactions/preview': { may: ROLES, of: 'principal', body: { text: 'Mail ada@example.com' } },
  'GET /v1/models': { may: ROLES, of: 'tenant' },
  'GET /v1/models/{id}': { may: ROLES, of: 'tenant', common: { 'path id': 'gpt-5-mini' } },
  'POST /v1/embeddings': {
    may: DRAFTERS,
    of: 'principal',
    body: { model: 'text-embedding-3-small', input: 'The cranes of the harbour' },
  },
  'POST /v1/chat/completions': {
    may: DRAFTERS,
    of: 'principal',
    body: { model: 'gpt-5-mini', messages: [{ role: 'user', content: draft.brief }] },
  },
  'POST /v1/responses': {
    may: DRAFTERS,
    of: 'principal',
    takes: { 'body previous_response_id': 'response' },
    body: { model: 'gpt-5-mini', input: draft.brief },
  },
  'GET /v1/responses/{id}': { may: DRAFTERS, of: 'principal', takes: { 'path id': 'response' } },
  'POST /v1/responses/{id}/cancel': { may: DRAFTERS, of: 'principal', takes: { 'path id': 'response' } },
  'DELETE /v1/responses/{id}': { may: DRAFTERS, of: 'principal', takes: { 'path id': 'response' } },
  'GET /v1/responses/{id}/input_items': { may: DRAFTERS, of: 'principal', takes: { 'path id': 'response' } },
  'GET /v1/status': { may: ROLES, of: 'tenant' },
  'GET /.well-known/oauth-protected-resource': { open: PAGE },
  'GET /.well-known/countersign-keys.json': { open: PAGE },
  'GET /healthz': { open: PROBE },
  'GET /livez': { open: PROBE },
  'GET /health': { open: PROBE },
  'GET /readyz': { open: PROBE },
};

/** What looks as if it named something of a tenant, and does not. */
export const nameless: Readonly<Record<Place, string>> = {
  'query limit': 'A number',
  'header last-event-id': 'A number; the recipes of streams send one',
  'header x-resume-mode': 'One of two words',
  'header idempotency-key': 'The callers own it: see the repeats',
  'body messages.tool_call_id': 'The caller repeats what a model called its own call',
  'body messages.tool_calls.id': 'The same',
  'query stream': 'One of two words',
  'query starting_after': 'A number',
  'query order': 'One of two words',
  'query after': 'An item of the response in the path: nothing else is looked at',
  'body input.id': 'An item of a response: test/e2e/clients-responses-openai.spec.ts tries those of others',
  'body input.call_id': 'The caller repeats what a model called its own call',
  'body attachments.id': 'The caller chooses it, for this request alone',
  'body graph.nodes.id': 'The caller chooses it, for this request alone',
  'body graph.edges.id': 'The caller chooses it, for this request alone',
  'body patch.adds.nodes.id': 'The caller chooses it, for this request alone',
  'body patch.adds.edges.id': 'The caller chooses it, for this request alone',
  'body patch.updates.id': 'The graph it is part of is kept nowhere',
};
