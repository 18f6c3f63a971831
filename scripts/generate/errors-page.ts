import { openAiCode, type ProblemCode, type ProblemRow, problems, problemType } from '#libs/problem/index.js';

/** `docs/errors.md`: the error table for people. */
export function errorsPage(): string {
  const rows = Object.entries(problems as Record<string, ProblemRow>).map(
    ([code, { status, title, retryable, openai }]) =>
      `| \`${code}\` | ${status} | ${title} | ${retryable ? 'yes' : 'no'} | \`${openai}\` | \`${openAiCode(code as ProblemCode)}\` | \`${problemType(code as ProblemCode)}\` |`,
  );
  return [
    '# Errors',
    '',
    'Generated from `libs/problem` by `npm run docs:sync`; a test compares. Every error, on every route, is one JSON body:',
    'RFC 9457 problem details with `code`, `request_id`, `trace_id`, and an `error` member in the words of the OpenAI API.',
    '`error.code` may say more than its row: `model_not_found`, or what a provider found wrong (`docs/models.md`).',
    '`CANCELLED` is written to logs only: its caller is gone.',
    '',
    '| code | status | title | can the same request succeed later | `error.type` | `error.code` | `type` |',
    '|---|---|---|---|---|---|---|',
    ...rows,
    '',
  ].join('\n');
}
