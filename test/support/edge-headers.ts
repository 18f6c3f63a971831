import { createHash } from 'node:crypto';
import { expect } from '@jest/globals';
import { openAiCode, type ProblemCode } from '#libs/problem/index.js';

type Headers = Readonly<Record<string, unknown>>;

/** What wire.md §1 promises for every response of every kind. */
export function expectEdgeHeaders(headers: Headers): void {
  expect(headers).toMatchObject({
    'x-request-id': expect.stringMatching(/^[A-Za-z0-9._-]{8,128}$/),
    'x-trace-id': expect.stringMatching(/^[0-9a-f]{32}$/),
    'strict-transport-security': 'max-age=31536000; includeSubDomains',
    'x-content-type-options': 'nosniff',
    'x-frame-options': 'DENY',
    'referrer-policy': 'no-referrer',
    'content-security-policy': expect.stringContaining("default-src 'none'"),
    'x-service-version': expect.stringMatching(/^\d+\.\d+\.\d+\+[0-9a-z]+$/),
  });
}

/** `<P>-Response-Hash` is the SHA-256 of the body bytes. */
export function expectResponseHash(headers: Headers, body: Uint8Array | string): void {
  expect(headers['x-countersign-response-hash']).toBe(createHash('sha256').update(body).digest('hex'));
}

/** What came over a socket, or what `inject` answers. */
export type ProblemAnswer = { readonly headers: Headers; readonly body: string } & (
  | { readonly status: number }
  | { readonly statusCode: number }
);

/** The one error body, in both its languages, with every header. */
export function expectProblem(answer: ProblemAnswer, status: number, code: string): void {
  const body = JSON.parse(answer.body) as Record<string, unknown>;
  const answered = 'status' in answer ? answer.status : answer.statusCode;
  expect({ status: answered, code: body['code'] }).toEqual({ status, code });
  expect(body).toMatchObject({
    type: `urn:countersign:problem:${code.toLowerCase().replaceAll('_', '-')}`,
    title: expect.any(String),
    status,
    detail: expect.any(String),
    request_id: answer.headers['x-request-id'],
    trace_id: answer.headers['x-trace-id'],
    error: {
      message: expect.stringContaining(String(body['detail'])),
      type: expect.any(String),
      code: expect.any(String),
    },
  });
  expect([openAiCode(body['code'] as ProblemCode), 'model_not_found']).toContain(Object(body['error']).code);
  expect(answer.headers['content-type']).toMatch(/^application\/(problem\+)?json/);
  expectEdgeHeaders(answer.headers);
  expectResponseHash(answer.headers, answer.body);
}
