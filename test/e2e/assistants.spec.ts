import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { ZodType } from 'zod';
import { Countersign } from '#libs/sdk/index.js';
import { ClarifyBriefAnswer } from '#src/assist/assistants/clarify/clarify-brief.schema.js';
import { CritiqueGraphAnswer } from '#src/assist/assistants/critique/critique-graph.schema.js';
import { ExplainDiffAnswer } from '#src/assist/assistants/explain/explain-diff.schema.js';
import { SuggestOptionsAnswer } from '#src/assist/assistants/suggest/suggest-options.schema.js';
import type { DraftGraphAnswer } from '#src/assist/draft-answer.schema.js';
import { Sql } from '#src/storage/index.js';
import { runs } from '../../src/streaming/runs.table.ts';
import { bearer, keys, startApp, type TestApp } from '../support/app.ts';
import { ASSISTANTS, type AssistantName, assistantBodies, assistantRequest } from '../support/assistant-requests.ts';
import { corpus } from '../support/briefs/corpus.ts';
import { draftRequest } from '../support/drafts.ts';
import { LIBRARY_BRIEF as brief, LIBRARY_GRAPH as graph, withEdge } from '../support/drawn-graphs.ts';

const answers: Readonly<Record<AssistantName, ZodType>> = {
  'clarify-brief': ClarifyBriefAnswer.strict(),
  'critique-graph': CritiqueGraphAnswer.strict(),
  'suggest-options': SuggestOptionsAnswer.strict(),
  'explain-diff': ExplainDiffAnswer.strict(),
};

let server: TestApp;
let url = '';
beforeAll(async () => {
  server = await startApp();
  url = await server.listen();
}, 60_000);
afterAll(() => server[Symbol.asyncDispose]());

const ask = (name: AssistantName, payload?: object | string, headers?: Readonly<Record<string, string>>) =>
  server.inject(assistantRequest(name, payload, headers));
const runsOf = (tenant: string) =>
  server.app.get(Sql).tenant(tenant, (tx) => tx.select().from(runs).orderBy(runs.createdAt));

describe.each(ASSISTANTS)('POST /assist/%s', (name) => {
  it('answers in its shape and no other, the same bytes every time', async () => {
    const [one, other] = [await ask(name), await ask(name)];
    expect([one.statusCode, one.body]).toEqual([200, other.body]);
    expect(answers[name].safeParse(one.json())).toMatchObject({ success: true });
  });

  it('is charged, and tells what is left', async () => {
    const left = async () => Number((await ask(name)).headers['x-ratelimit-remaining-tokens']);
    const [first, second] = [await left(), await left()];
    expect(second).toBeLessThan(first);
  });

  it('leaves a record of the run, its answer and its cost', async () => {
    const before = (await runsOf('acme')).length;
    const answer = await ask(name);
    const [run, ...others] = (await runsOf('acme')).slice(before);
    expect(others).toEqual([]);
    expect(run).toMatchObject({
      kind: name,
      status: 'completed',
      streamId: null,
      requestSha256: expect.stringMatching(/^[0-9a-f]{64}$/),
      usage: { inputTokens: expect.any(Number), outputTokens: expect.any(Number) },
      result: { answer: answer.json(), provider: 'embedded', repairs: 0 },
    });
  });

  it('answers a repeat with the key from memory, and another body not at all', async () => {
    const before = (await runsOf('acme')).length;
    const key = { 'idempotency-key': `again-${name}` };
    const [first, again] = [await ask(name, undefined, key), await ask(name, undefined, key)];
    expect([again.body, again.headers['idempotent-replayed']]).toEqual([first.body, 'true']);
    expect((await runsOf('acme')).length).toBe(before + 1);
    const other = { ...assistantBodies[name], brief: `${brief} And one thing more.`, goal: 'Another goal' };
    const { [name === 'suggest-options' ? 'brief' : 'goal']: _unknown, ...changed } = other;
    expect((await ask(name, changed, key)).json().code).toBe('IDEMPOTENCY_KEY_REUSED');
  });

  it('shares nothing with another tenant that sends the same under the same key', async () => {
    const key = { 'idempotency-key': `shared-${name}` };
    const own = await ask(name, undefined, key);
    const before = (await runsOf('globex')).length;
    const foreign = await ask(name, undefined, { ...key, ...bearer(keys.foreign) });
    expect([foreign.statusCode, foreign.body]).toEqual([200, own.body]);
    expect(foreign.headers).not.toHaveProperty('idempotent-replayed');
    expect((await runsOf('globex')).length).toBe(before + 1);
  });

  it('is for those who may draft, as drafts are', async () => {
    const auditor = await ask(name, undefined, bearer(keys.auditor));
    expect([auditor.statusCode, auditor.json().code]).toEqual([403, 'FORBIDDEN']);
    const nobody = await server.inject({ ...assistantRequest(name), headers: { 'content-type': 'application/json' } });
    expect([nobody.statusCode, nobody.json().code]).toEqual([401, 'UNAUTHENTICATED']);
  });

  it('logs no word of what it is sent', async () => {
    await ask(name);
    expect(JSON.stringify(server.logged())).not.toMatch(/Sundays|guards resign|Raise visits/);
  });

  it.each<readonly [string, object | string, number, string]>([
    ['no JSON', '{"brief": ', 400, 'BAD_INPUT'],
    ['a list', [], 400, 'BAD_INPUT'],
    ['nothing', {}, 400, 'BAD_INPUT'],
    ['a field nobody knows', { ...assistantBodies[name], colour: 'red' }, 400, 'BAD_INPUT'],
    [
      'a prototype',
      `{"__proto__": {"admin": true}, ${JSON.stringify(assistantBodies[name]).slice(1)}`,
      400,
      'BAD_INPUT',
    ],
    ['more than a megabyte', { ...assistantBodies[name], pad: 'x'.repeat(1_100_000) }, 413, 'PAYLOAD_TOO_LARGE'],
    ['depth without end', '{"a":'.repeat(2_000), 400, 'BAD_INPUT'],
  ])('refuses %s', async (_what, payload, status, code) => {
    const answer = await ask(name, payload);
    expect([answer.statusCode, answer.json().code]).toEqual([status, code]);
  });
});

const node = (index: number) => ({ id: `n${index}`, kind: 'factor' as const, label: `Factor ${index}` });
const nodes = (count: number) => Array.from({ length: count }, (_, index) => node(index));
const edges = (count: number) => Array.from({ length: count }, () => ({ from: 'n0', to: 'n1' }));
const patch = (adds: object, rest: object = {}) => ({ patch: { adds: { nodes: [], edges: [], ...adds }, ...rest } });
const lone = '{"brief": "An unpaired surrogate \\ud800 in a brief of some length."}';

describe('bad input', () => {
  it.each<readonly [AssistantName, string, object | string, string]>([
    ['clarify-brief', 'a brief of 29 characters', { brief: 'x'.repeat(29) }, 'brief'],
    ['clarify-brief', 'a brief of 5,001 characters', { brief: 'x'.repeat(5_001) }, 'brief'],
    ['clarify-brief', 'white space in place of a brief', { brief: ' '.repeat(60) }, 'brief'],
    ['clarify-brief', 'half a character', lone, 'brief'],
    ['clarify-brief', 'round 3', { brief, round: 3 }, 'round'],
    ['clarify-brief', 'round -1', { brief, round: -1 }, 'round'],
    ['clarify-brief', 'half a round', { brief, round: 0.5 }, 'round'],
    ['clarify-brief', 'a round in words', { brief, round: '1' }, 'round'],
    [
      'clarify-brief',
      'sixteen answers',
      { brief, previous_answers: Array(16).fill({ question: 'q', answer: '' }) },
      'previous_answers',
    ],
    [
      'clarify-brief',
      'an answer to nothing',
      { brief, previous_answers: [{ answer: 'a' }] },
      'previous_answers.0.question',
    ],
    [
      'critique-graph',
      'a node of no kind',
      { graph: { nodes: [{ id: 'a', kind: 'thing', label: 'A' }], edges: [] } },
      'graph.nodes.0.kind',
    ],
    [
      'critique-graph',
      'a belief of 1.1',
      { graph: { nodes: [], edges: [{ from: 'a', to: 'b', belief: 1.1 }] } },
      'graph.edges.0.belief',
    ],
    [
      'critique-graph',
      'an infinite weight',
      '{"graph": {"nodes": [], "edges": [{"from": "a", "to": "b", "weight": 1e999}]}}',
      'graph.edges.0.weight',
    ],
    [
      'critique-graph',
      'a label of 121 characters',
      { graph: { nodes: [{ ...node(1), label: 'x'.repeat(121) }], edges: [] } },
      'graph.nodes.0.label',
    ],
    ['critique-graph', 'a short brief', { graph, brief: 'short' }, 'brief'],
    ['critique-graph', 'a focus without words', { graph, focus_areas: [''] }, 'focus_areas.0'],
    ['suggest-options', 'a goal of 4 characters', { goal: 'grow' }, 'goal'],
    ['suggest-options', 'a constraint without words', { goal: 'Grow the club', constraints: [''] }, 'constraints.0'],
    [
      'suggest-options',
      'a summary of something else',
      { goal: 'Grow the club', graph_summary: { cats: [] } },
      'graph_summary',
    ],
    ['explain-diff', 'a patch that changes nothing', patch({}), 'patch'],
    [
      'explain-diff',
      'a patch of 251 removals',
      patch({}, { removes: nodes(251).map(({ id }) => id) }),
      'patch.removes',
    ],
    ['explain-diff', 'an update of nothing', patch({}, { updates: [{ label: 'A' }] }), 'patch.updates.0.id'],
  ])('%s refuses %s, and says where', async (name, _what, payload, path) => {
    const answer = await ask(name, payload);
    expect([answer.statusCode, answer.json().code]).toEqual([400, 'BAD_INPUT']);
    const at = answer.json().errors.map((each: { path: string }) => each.path);
    expect(at).toContainEqual(expect.stringContaining(path));
  });

  it.each<readonly [AssistantName, string, object]>([
    ['critique-graph', '51 nodes', { graph: { nodes: nodes(51), edges: [] } }],
    ['critique-graph', '201 edges', { graph: { nodes: nodes(2), edges: edges(201) } }],
    ['explain-diff', '51 nodes', patch({ nodes: nodes(51) })],
    ['explain-diff', '201 edges', patch({ edges: edges(201) })],
  ])('%s refuses %s, names the limit, and charges nothing', async (name, _what, payload) => {
    const before = (await runsOf('acme')).length;
    const answer = await ask(name, payload);
    expect([answer.statusCode, answer.json().code]).toEqual([422, 'GRAPH_LIMIT_EXCEEDED']);
    expect(answer.json().details).toMatchObject({ max_nodes: 50, max_edges: 200 });
    expect((await runsOf('acme')).length).toBe(before);
  });
});

describe('what is broken and can be drawn is answered', () => {
  it('a graph of fifty nodes and two hundred edges that point nowhere', async () => {
    const answer = await ask('critique-graph', {
      graph: { nodes: nodes(50), edges: edges(200).map(() => ({ from: 'n0', to: 'x' })) },
    });
    expect(answer.statusCode).toBe(200);
    expect(answer.json()).toMatchObject({ overall_quality: 'poor', issues: expect.any(Array) });
    expect(answer.json().issues.length).toBeLessThanOrEqual(50);
  });

  it('names like those of the language itself', async () => {
    const named = ['constructor', 'toString', 'hasOwnProperty'].map((id) => ({ id, kind: 'option', label: id }));
    const answer = await ask('critique-graph', {
      graph: { nodes: named, edges: [{ from: 'constructor', to: 'valueOf' }] },
    });
    expect(answer.json().issues).toContainEqual(expect.objectContaining({ target: 'constructor::valueOf::0' }));
  });

  it('a patch that touches nodes which are not there', async () => {
    const answer = await ask(
      'explain-diff',
      patch({ edges: [{ from: 'ghost', to: 'goal-1' }] }, { removes: ['phantom'] }),
    );
    expect(answer.json().rationales.map(({ target }: { target: string }) => target)).toEqual([
      'ghost::goal-1::0',
      'phantom',
    ]);
  });

  it('a draft, as it was answered', async () => {
    const draft = (await server.inject(draftRequest())).json<DraftGraphAnswer>();
    const critique = await ask('critique-graph', { graph: draft.graph });
    const explanation = await ask('explain-diff', { patch: draft.patch });
    expect([critique.statusCode, explanation.statusCode]).toEqual([200, 200]);
    expect(explanation.json().rationales.length).toBe(draft.graph.nodes.length + draft.graph.edges.length);
  });
});

describe('eight briefs and their graphs', () => {
  const briefs = corpus().slice(0, 8);
  const texts = new Map<AssistantName, string[]>(ASSISTANTS.map((name) => [name, []]));

  it.each(briefs.map((each) => [each.id, each] as const))('%s is answered by all four', async (_id, each) => {
    const { brief: text } = each;
    const request = { ...draftRequest(), payload: { brief: text } };
    const draft = (await server.inject(request)).json<DraftGraphAnswer>();
    const labels = (kind: string) => draft.graph.nodes.filter((one) => one.kind === kind).map(({ label }) => label);
    const bodies: Readonly<Record<AssistantName, object>> = {
      'clarify-brief': { brief: text },
      'critique-graph': { graph: draft.graph, brief: text },
      'suggest-options': {
        goal: labels('goal')[0],
        constraints: each.constraints,
        graph_summary: { existing_options: labels('option'), risks: labels('risk') },
      },
      'explain-diff': { patch: draft.patch, brief: text },
    };
    for (const name of ASSISTANTS) {
      const answer = await ask(name, bodies[name]);
      expect([name, answers[name].safeParse(answer.json()).success]).toEqual([name, true]);
      texts.get(name)?.push(answer.body);
    }
    const ids = new Set([...draft.graph.nodes, ...draft.graph.edges].map(({ id }) => id));
    const critique = JSON.parse(texts.get('critique-graph')?.at(-1) ?? '') as CritiqueGraphAnswer;
    for (const { target } of critique.issues) expect(target === undefined || ids.has(target)).toBe(true);
  });

  it('gets an answer of its own from each', () => {
    for (const [name, told] of texts) expect([name, new Set(told).size]).toEqual([name, 8]);
  });
});

describe('one round after another', () => {
  it('asks what is open, takes answers in, and ends after round 2', async () => {
    const text = 'Should we replace the boiler soon or repair it? Several tenants complain.';
    const previous_answers: { question: string; answer: string }[] = [];
    const confidence: number[] = [];
    const goesOn: boolean[] = [];
    for (const round of [0, 1, 2]) {
      const answer = (await ask('clarify-brief', { brief: text, round, previous_answers })).json<ClarifyBriefAnswer>();
      expect(answer.round).toBe(round);
      goesOn.push(answer.should_continue);
      const asked = answer.questions.map(({ question }) => question);
      expect(asked.filter((each) => previous_answers.some(({ question }) => question === each))).toEqual([]);
      previous_answers.push(...asked.map((question) => ({ question, answer: 'The owners meet on it in spring.' })));
      confidence.push(answer.confidence);
    }
    expect([goesOn[0], goesOn[2]]).toEqual([true, false]);
    expect(confidence).toEqual(confidence.toSorted((a, b) => a - b));
    expect(confidence[2]).toBeGreaterThan(confidence[0] ?? 1);
  });

  it('a mended graph is criticised no more', async () => {
    const broken = withEdge(graph, 'option-1::outcome-1::0', { to: 'nowhere' });
    const named = (await ask('critique-graph', { graph: broken, brief })).json<CritiqueGraphAnswer>();
    expect(named.issues[0]).toMatchObject({ level: 'BLOCKER', target: 'option-1::outcome-1::0' });
    expect((await ask('critique-graph')).json()).toMatchObject({ issues: [], overall_quality: 'excellent' });
  });
});

describe('the SDK', () => {
  it('has a typed method for each', async () => {
    const { assistants, drafts } = new Countersign({ baseURL: url, apiKey: keys.user });
    const draft = await drafts.create({ brief });
    const { questions } = await assistants.clarifyBrief({ brief });
    const critique = await assistants.critiqueGraph({ graph: draft.graph, brief, focus_areas: ['structure'] });
    const { options } = await assistants.suggestOptions({ goal: 'Raise visits to the library' });
    const { rationales } = await assistants.explainDiff({ patch: { ...draft.patch, removes: ['risk-9'] }, brief });
    expect(questions[0]?.question).toContain('“');
    expect(['good', 'excellent']).toContain(critique.overall_quality);
    expect(options.map(({ id }) => id)).toEqual(['option-1', 'option-2', 'option-3', 'option-4', 'option-5']);
    expect(rationales.at(-1)?.target).toBe('risk-9');
  });

  it('says what was wrong with a request', async () => {
    const { assistants } = new Countersign({ baseURL: url, apiKey: keys.user });
    await expect(assistants.clarifyBrief({ brief: 'short' })).rejects.toMatchObject({ code: 'BAD_INPUT' });
    const large = { nodes: nodes(51), edges: [] };
    await expect(assistants.critiqueGraph({ graph: large })).rejects.toMatchObject({ code: 'GRAPH_LIMIT_EXCEEDED' });
  });
});
