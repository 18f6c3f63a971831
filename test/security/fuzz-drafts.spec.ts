import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { judge } from '../support/answer-judge.ts';
import { bearer, keys, startApp, type TestApp } from '../support/app.ts';
import { graphFaults, quoteFaults, type WireGraph } from '../support/documents-checker.ts';
import { type DraftBody, draftRequest, draftWithPdf } from '../support/fuzz-drafts.ts';

interface Provenance {
  readonly source: string;
  readonly quote: string;
  readonly location: string;
}

interface Draft {
  readonly graph: WireGraph;
  readonly rationales: readonly {
    readonly target: string;
    readonly why: string;
    readonly provenance: Provenance | null;
  }[];
  readonly issues: readonly { readonly code: string; readonly message: string }[];
  readonly usage: { readonly input_tokens: number; readonly output_tokens: number };
  readonly diagnostics: { readonly documents: readonly { readonly id: string; readonly summary?: string }[] };
}

let server: TestApp;
const drafted = { whole: 0, quotes: 0, documents: 0 };
beforeAll(async () => {
  server = await startApp({ env: { RATE_LIMIT_RPM: '1000000', LOG_LEVEL: 'error' } });
});
afterAll(() => server[Symbol.asyncDispose]());

/** The sources whose text is known here: the brief, and of tables the summary that the answer shows. */
const textsOf = ({ brief }: DraftBody, { diagnostics }: Draft): ReadonlyMap<string, string> =>
  new Map([
    ['brief', brief],
    ...diagnostics.documents.flatMap(({ id, summary }) => (summary === undefined ? [] : [[id, summary] as const])),
  ]);

function faultsOf(body: DraftBody, draft: Draft): readonly string[] {
  const texts = textsOf(body, draft);
  const ids = new Set(draft.graph.nodes.map(({ id }) => id));
  const edges = draft.graph.edges.map(({ provenance, ...edge }) =>
    provenance !== undefined && texts.has(provenance.source) ? { ...edge, provenance } : edge,
  );
  const quotes = draft.rationales
    .flatMap(({ provenance }) => provenance ?? [])
    .filter(({ source }) => texts.has(source));
  drafted.whole += 1;
  drafted.quotes += quotes.length;
  drafted.documents += draft.diagnostics.documents.length;
  return [
    ...graphFaults({ ...draft.graph, edges }, { maxNodes: 50, maxEdges: 200, texts }),
    ...quotes.flatMap((quote) => quoteFaults(quote, texts)),
    ...draft.rationales
      .filter(({ target, why }) => !ids.has(target) || why === '' || why.length > 280)
      .map(({ why }) => why),
    ...(draft.usage.input_tokens > 0 ? [] : ['free of charge']),
    ...(draft.graph.nodes.length > 0 || draft.issues.some(({ code }) => code === 'graph_empty')
      ? []
      : ['silently empty']),
  ];
}

async function draft(body: DraftBody): Promise<void> {
  const response = await server.inject({
    method: 'POST',
    url: '/assist/draft-graph',
    headers: bearer(keys.user),
    payload: body,
  });
  const { statusCode: status, headers, body: text } = response;
  judge({ method: 'POST', status, headers, body: text }, '/assist/draft-graph');
  if (status === 200) expect(faultsOf(body, response.json())).toEqual([]);
}

describe('whatever a brief and its documents say', () => {
  it('a graph that is given keeps every promise', async () => {
    await fc.assert(fc.asyncProperty(draftRequest, draft), { numRuns: 500 });
  });

  it('so does one that was drafted with broken PDF files', async () => {
    await fc.assert(fc.asyncProperty(draftWithPdf, draft), { numRuns: 60 });
  });

  it('most of them were drafted, with quotes and documents', () => {
    expect(drafted.whole).toBeGreaterThan(350);
    expect(drafted.quotes).toBeGreaterThan(500);
    expect(drafted.documents).toBeGreaterThan(100);
  });
});
