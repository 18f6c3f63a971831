import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { bearer, keys, startApp, type TestApp } from '../support/app.ts';
import { base64, encryptedPdf, textPdf } from '../support/documents.ts';
import { graphFaults, quoteFaults } from '../support/documents-checker.ts';

const brief = [
  'Should the city library open on Sundays, or extend weekday evenings instead?',
  'Our goal is to raise visits by 15 percent within a year.',
  'Opening on Sundays would attract families, but it costs 90,000 euros in staff pay.',
  'Longer evenings suit commuters because most of them return after six.',
  'A risk is that too few volunteers can be found for either plan.',
].join(' ');
const report = ['Survey of March.', 'Four in ten families would visit on Sundays.'];
const table = 'weekday,visits\nMon,310\nTue,280\nWed,305\nThu,290\nFri,350\n';

let server: TestApp;
beforeAll(async () => {
  server = await startApp();
}, 60_000);
afterAll(() => server[Symbol.asyncDispose]());

const post = (payload: object, headers: Record<string, string> = {}) =>
  server.inject({
    method: 'POST',
    url: '/assist/draft-graph',
    headers: { ...bearer(keys.user), ...headers },
    payload,
  });

const attachments = [
  { id: 'survey', kind: 'pdf', name: 'survey.pdf' },
  { id: 'visits', kind: 'csv', name: 'visits.csv' },
  { id: 'locked', kind: 'pdf', name: 'locked.pdf' },
];
const attachment_payloads = {
  survey: base64(textPdf(report)),
  visits: { data: table, encoding: 'utf8' },
  locked: base64(encryptedPdf()),
};

describe('POST /assist/draft-graph', () => {
  it('drafts a graph from brief and documents, and keeps every promise about it', async () => {
    const response = await post({
      brief,
      attachments,
      attachment_payloads,
      constraints: { budget: 'below 100,000 euros' },
    });
    expect(response.statusCode).toBe(200);
    const answer = response.json();
    const [, visits] = answer.diagnostics.documents;
    const texts = new Map([
      ['brief', brief],
      ['survey', report.join('\n')],
      ['visits', visits.summary],
    ]);
    expect(graphFaults(answer.graph, { maxNodes: 50, maxEdges: 200, texts })).toEqual([]);
    const quoted = answer.rationales.filter(({ provenance }: { provenance: unknown }) => provenance !== null);
    expect(quoted.length).toBeGreaterThan(0);
    for (const { provenance } of quoted) expect(quoteFaults(provenance, texts)).toEqual([]);
    expect(answer).toMatchObject({
      schema: 'draft-graph.v1',
      run_id: expect.stringMatching(/^run_/),
      issues: [{ code: 'pdf_encrypted', target: 'locked' }],
      patch: { adds: { nodes: answer.graph.nodes, edges: answer.graph.edges }, updates: [], removes: [] },
      diagnostics: { provider: 'embedded' },
    });
    expect(answer.usage.total_tokens).toBe(answer.usage.input_tokens + answer.usage.output_tokens);
    expect(response.body).not.toContain('Mon,310');
  });

  it('gives the same draft for the same brief', async () => {
    const [one, other] = [(await post({ brief })).json(), (await post({ brief })).json()];
    expect({ ...one, run_id: '' }).toEqual({ ...other, run_id: '' });
    expect(one.run_id).not.toBe(other.run_id);
  });

  it('takes documents beyond the usual body limit, and no more than ten megabytes', async () => {
    const file = { id: 'long', kind: 'txt', name: 'long.txt' };
    const large = await post({
      brief,
      attachments: [file],
      attachment_payloads: { long: base64('word '.repeat(500_000)) },
    });
    expect(large.statusCode).toBe(200);
    expect(large.json().issues).toEqual([
      expect.objectContaining({ code: 'attachment_truncated', target: 'long' }),
      expect.objectContaining({ code: 'attachment_not_quoted', target: 'long' }),
    ]);
    const huge = await post({ brief, attachments: [file], attachment_payloads: { long: 'A'.repeat(10_485_760) } });
    expect([huge.statusCode, huge.json().code]).toEqual([413, 'PAYLOAD_TOO_LARGE']);
  });

  it.each([
    ['a short brief', { brief: 'short' }, { path: 'brief', code: 'too_small' }],
    ['a field nobody knows', { brief, colour: 'red' }, { code: 'unrecognized_keys' }],
    ['an attachment without payload', { brief, attachments }, { path: 'attachments.0.id' }],
    ['a payload without attachment', { brief, attachment_payloads }, { path: 'attachment_payloads.survey' }],
  ])('refuses %s and says where', async (_what, payload, fault) => {
    const response = await post(payload);
    expect([response.statusCode, response.json().code]).toEqual([400, 'BAD_INPUT']);
    expect(response.json().errors).toContainEqual(expect.objectContaining(fault));
  });

  it('knows no libraries yet, and does not pretend', async () => {
    const response = await post({ brief, library_ids: ['lib_1'] });
    expect([response.statusCode, response.json().code]).toEqual([404, 'NOT_FOUND']);
  });

  it('sends a caller that wants a stream to the route that streams', async () => {
    const response = await post({ brief }, { accept: 'text/event-stream' });
    expect([response.statusCode, response.json().code]).toEqual([426, 'RESUME_UNAVAILABLE']);
    expect(response.json().detail).toContain('/assist/draft-graph/stream');
  });

  it('needs a scope, and a credential', async () => {
    const auditor = await post({ brief }, bearer(keys.auditor));
    expect([auditor.statusCode, auditor.json().code]).toEqual([403, 'FORBIDDEN']);
    const nobody = await server.inject({ method: 'POST', url: '/assist/draft-graph', payload: { brief } });
    expect([nobody.statusCode, nobody.json().code]).toEqual([401, 'UNAUTHENTICATED']);
  });

  it('logs no word of the brief or the documents', async () => {
    await post({ brief, attachments, attachment_payloads });
    expect(JSON.stringify(server.logged())).not.toMatch(/Sundays|families|Survey of March/);
  });
});
