import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { bearer, keys, startApp, type TestApp } from '../support/app.ts';
import { PRIVATE_CELL, requestOf, TABLE } from '../support/brief-requests.ts';
import { type CorpusBrief, corpus } from '../support/briefs/corpus.ts';
import { graphFaults, quoteFaults, type WireGraph } from '../support/documents-checker.ts';
import { type Delivery, readStream } from '../support/stream-client.ts';

interface Answer {
  readonly run_id: string;
  readonly graph: WireGraph;
  readonly rationales: readonly {
    readonly target: string;
    readonly why: string;
    readonly provenance: { readonly source: string; readonly quote: string; readonly location: string } | null;
  }[];
  readonly issues: readonly { readonly code: string; readonly message: string; readonly target?: string }[];
  readonly confidence: number;
  readonly layout: { readonly suggested_positions: Readonly<Record<string, unknown>> };
  readonly usage: { readonly input_tokens: number; readonly output_tokens: number; readonly total_tokens: number };
  readonly diagnostics: {
    readonly documents: readonly { readonly id: string; readonly summary?: string; readonly columns?: unknown }[];
  };
}

/** What one brief gave: twice as JSON, once as a stream. */
interface Drafted {
  readonly first: string;
  readonly second: string;
  readonly answer: Answer;
  readonly stream: Delivery;
}

const briefs = corpus();
const named = briefs.map((each) => [each.id, each] as const);
const withDocuments = briefs.filter(({ documents }) => documents.length > 0);
const drafts = new Map<string, Drafted>();

const post = (server: TestApp, payload: object) =>
  server.inject({ method: 'POST', url: '/assist/draft-graph', headers: bearer(keys.user), payload });

const stream = (url: string, payload: object): Promise<Delivery> =>
  readStream(`${url}/assist/draft-graph/stream`, {
    method: 'POST',
    headers: { ...bearer(keys.user), 'content-type': 'application/json' },
    body: JSON.stringify(payload),
  });

let server: TestApp;

beforeAll(async () => {
  server = await startApp({ env: { RATE_LIMIT_RPM: '100000', SSE_RATE_LIMIT_RPM: '100000' } });
  const url = await server.listen();
  for (const each of briefs) {
    const { payload } = requestOf(each);
    const [first, second] = [(await post(server, payload)).body, (await post(server, payload)).body];
    drafts.set(each.id, { first, second, answer: JSON.parse(first), stream: await stream(url, payload) });
  }
});
afterAll(() => server[Symbol.asyncDispose]());

function draftOf({ id }: CorpusBrief): Drafted {
  const draft = drafts.get(id);
  if (draft === undefined) throw new Error(`No draft of ${id}`);
  return draft;
}

function briefNamed(name: string): CorpusBrief {
  const found = briefs.find(({ id }) => id === name);
  if (found === undefined) throw new Error(`No brief ${name}`);
  return found;
}

/** Everything an answer may quote: what was sent, and of a table the summary that the answer shows. */
function textsOf(each: CorpusBrief): ReadonlyMap<string, string> {
  const summaries = draftOf(each).answer.diagnostics.documents.flatMap(({ id, summary }) =>
    summary === undefined ? [] : [[id, summary] as const],
  );
  return new Map([...requestOf(each).texts, ...summaries]);
}

const quotesOf = ({ graph, rationales }: Answer) =>
  [...graph.edges, ...rationales].flatMap(({ provenance }) => provenance ?? []);

const withoutRunId = (body: string): string => body.replace(/"run_id":"run_[0-9a-f-]{36}"/, '"run_id":""');

const labelsOf = (each: CorpusBrief): ReadonlySet<string> =>
  new Set(draftOf(each).answer.graph.nodes.map(({ kind, label }) => `${kind} ${label.toLowerCase()}`));

const common = (one: ReadonlySet<string>, other: ReadonlySet<string>): number =>
  [...one].filter((label) => other.has(label)).length;

describe('the twelve briefs, drafted over HTTP', () => {
  it('are twelve, three of them with documents', () => {
    expect([briefs.length, withDocuments.length]).toEqual([12, 3]);
  });

  it.each(named)('%s gives a graph that keeps every promise', (_id, each) => {
    const { answer } = draftOf(each);
    const promises = { maxNodes: 50, maxEdges: 200, texts: textsOf(each) };
    expect(graphFaults(answer.graph, promises)).toEqual([]);
    expect(answer.graph.nodes.length).toBeGreaterThanOrEqual(4);
    expect(answer.issues).toEqual([]);
  });

  it.each(named)('%s quotes its sources letter by letter, where it says', (_id, each) => {
    const quotes = quotesOf(draftOf(each).answer);
    expect(quotes.length).toBeGreaterThan(0);
    expect(quotes.flatMap((quote) => quoteFaults(quote, textsOf(each)))).toEqual([]);
  });

  it.each(named)('%s explains nodes it has, in 280 characters or fewer', (_id, each) => {
    const { graph, rationales } = draftOf(each).answer;
    const ids = graph.nodes.map(({ id }) => id);
    expect(rationales.length).toBeGreaterThan(0);
    for (const { target, why } of rationales) {
      expect(ids).toContain(target);
      expect([why !== '', Array.from(why).length <= 280]).toEqual([true, true]);
    }
  });

  it.each(named)('%s places every node, and counts its tokens', (_id, each) => {
    const { graph, layout, usage, confidence } = draftOf(each).answer;
    expect(Object.keys(layout.suggested_positions).sort()).toEqual(graph.nodes.map(({ id }) => id).sort());
    expect([usage.input_tokens > 0, usage.output_tokens > 0]).toEqual([true, true]);
    expect(usage.total_tokens).toBe(usage.input_tokens + usage.output_tokens);
    expect(confidence >= 0 && confidence <= 1).toBe(true);
  });

  it.each(named)('%s gives the same bytes again, but for the id of the run', (_id, each) => {
    const { first, second } = draftOf(each);
    expect(withoutRunId(second)).toBe(withoutRunId(first));
    expect(second).not.toBe(first);
  });

  it.each(named)('%s carries the same answer at the end of its stream', (_id, each) => {
    const { first, stream: delivery } = draftOf(each);
    const last = delivery.events.at(-1);
    const { payload } = JSON.parse(last?.data ?? '{}');
    expect([delivery.ended, last?.event]).toEqual([true, 'complete']);
    expect(withoutRunId(JSON.stringify(payload))).toBe(withoutRunId(first));
  });

  it('have hardly a node in common', () => {
    const labels = briefs.map(labelsOf);
    const pairs = labels.flatMap((one, at) => labels.slice(at + 1).map((other) => [one, other] as const));
    expect(pairs).toHaveLength(66);
    for (const [one, other] of pairs) {
      expect(common(one, other)).toBeLessThanOrEqual(Math.min(one.size, other.size) / 10);
    }
  });
});

describe('documents', () => {
  it.each(withDocuments.map((each) => [each.id, each] as const))('of %s are read and quoted', (_id, each) => {
    const { answer } = draftOf(each);
    const read = answer.diagnostics.documents.map(({ id }) => id);
    expect(read).toEqual(each.documents.map(({ id }) => id));
    const quoted = new Set(quotesOf(answer).map(({ source }) => source));
    expect(read.filter((id) => !quoted.has(id))).toEqual([]);
  });

  it.each(withDocuments.map((each) => [each.id, each] as const))('of %s change its graph', async (_id, each) => {
    const { brief, constraints } = each;
    const bare: Answer = (await post(server, { brief, constraints })).json();
    const { graph, usage } = draftOf(each).answer;
    const own = new Set(bare.graph.nodes.map(({ label }) => label));
    expect(graph.nodes.filter(({ label }) => !own.has(label))).not.toEqual([]);
    expect(usage.input_tokens).toBeGreaterThan(bare.usage.input_tokens);
  });

  it('in PDF are quoted by page', () => {
    const each = briefNamed('bus-electrification');
    const starts = requestOf(each).pages.get('grid') ?? [];
    const quotes = quotesOf(draftOf(each).answer).filter(({ source }) => source === 'grid');
    expect(quotes.length).toBeGreaterThan(0);
    for (const { location } of quotes) {
      const [, page, start] = /^page (\d+), chars (\d+)-\d+$/.exec(location) ?? [];
      expect(starts.filter((begin) => begin <= Number(start)).length).toBe(Number(page));
    }
  });

  it('in CSV leave as figures, never as rows', () => {
    const { first, answer, stream: delivery } = draftOf(briefNamed('hospital-triage'));
    const mean = TABLE.waits.reduce((sum, wait) => sum + wait, 0) / TABLE.waits.length;
    const [min, max] = [Math.min(...TABLE.waits), Math.max(...TABLE.waits)];
    expect(answer.diagnostics.documents[0]?.columns).toContainEqual(
      expect.objectContaining({ name: 'wait_minutes', count: 7, mean: expect.closeTo(mean, 2), median: 52, min, max }),
    );
    for (const text of [first, ...delivery.events.map(({ data }) => data)]) {
      expect(text).not.toContain(PRIVATE_CELL);
      expect(text).not.toContain('Kowalczyk');
    }
  });
});

describe('a limit of eight nodes', () => {
  let small: TestApp;
  beforeAll(async () => {
    small = await startApp({ env: { GRAPH_MAX_NODES: '8' } });
  });
  afterAll(() => small[Symbol.asyncDispose]());

  it.each(named)('is kept by %s, and the answer counts what was left out', async (_id, each) => {
    const { graph, issues }: Answer = (await post(small, requestOf(each).payload)).json();
    const whole = draftOf(each).answer.graph;
    expect(graphFaults(graph, { maxNodes: 8, maxEdges: 200, texts: textsOf(each) })).toEqual([]);
    expect(graph.nodes.length).toBe(8);
    const [nodes, edges] = [whole.nodes.length - 8, whole.edges.length - graph.edges.length];
    const message = expect.stringContaining(`${nodes} nodes and ${edges} edges were left out`);
    // With the nodes that quoted it, a file may be left out.
    const limits = issues.filter(({ code }) => code !== 'attachment_not_quoted');
    expect(limits).toEqual(nodes === 0 ? [] : [{ code: 'graph_limit_exceeded', message }]);
  });
});
