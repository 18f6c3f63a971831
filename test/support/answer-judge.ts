import { hash } from 'node:crypto';
import { isProblemCode, problems } from '#libs/problem/index.js';
import { expectEdgeHeaders } from './edge-headers.ts';

export interface JudgedAnswer {
  readonly method: string;
  readonly status: number;
  readonly headers: Readonly<Record<string, unknown>>;
  readonly body: string;
}

/** Answers whose body is not a problem document although their status says failure. */
const OWN_FORM = new Set(['/readyz']);

/** Throws unless the answer is one that the service may give to anything at all. */
export function judge(answer: JudgedAnswer, path: string): void {
  const { status, headers, method } = answer;
  expectEdgeHeaders(headers);
  if (status >= 500 && !OWN_FORM.has(path)) throw new Error(`A failure of ours: ${status} ${answer.body}`);
  if (status < 200) throw new Error(`No final status: ${status}`);
  if (status >= 400 && method !== 'HEAD' && !OWN_FORM.has(path)) judgeProblem(answer);
}

function judgeProblem({ status, headers, body }: JudgedAnswer): void {
  const type = String(headers['content-type']);
  if (!/^application\/(problem\+)?json; charset=utf-8$/.test(type)) throw new Error(`A problem as ${type}: ${body}`);
  if (headers['x-countersign-response-hash'] !== hash('sha256', body)) throw new Error('The hash is of other bytes');
  const document: Readonly<Record<string, unknown>> = JSON.parse(body);
  const { code } = document;
  if (!isProblemCode(code)) throw new Error(`No code of the table: ${body}`);
  const known = [problems[code].status, document['status'], headers['x-request-id'], headers['x-trace-id']];
  const said = [status, status, document['request_id'], document['trace_id']];
  if (JSON.stringify(known) !== JSON.stringify(said)) throw new Error(`A problem that contradicts itself: ${body}`);
  if (/node_modules|\/src\/|\.ts:|at \w+ \(|insert into|select \*/i.test(body)) throw new Error(`It tells: ${body}`);
}
