import { z } from 'zod';

export const IssueCode = z
  .enum([
    'attachment_empty',
    'attachment_invalid_base64',
    'attachment_not_quoted',
    'attachment_not_text',
    'attachment_not_utf8',
    'attachment_truncated',
    'csv_parse_failed',
    'csv_ragged_rows',
    'cycle_broken',
    'draft_cut',
    'edge_dangling',
    'edge_invalid',
    'edge_merged',
    'edge_self_loop',
    'flag_unknown',
    'graph_empty',
    'graph_limit_exceeded',
    'node_invalid',
    'node_kind_unknown',
    'node_merged',
    'pdf_encrypted',
    'pdf_no_text',
    'pdf_unreadable',
    'quote_not_found',
    'text_shortened',
  ])
  .meta({ id: 'IssueCode' });
export type IssueCode = z.infer<typeof IssueCode>;

/** Something the reader of a draft should know; the draft went on. */
export const Issue = z
  .object({
    code: IssueCode,
    message: z.string(),
    target: z.string().optional().describe('Attachment id, node id, or "from::to" of an edge'),
  })
  .meta({ id: 'DraftIssue' });
export type Issue = z.infer<typeof Issue>;

const KEPT_PER_CODE = 20;

/** At most twenty issues of a code, in order, then one that counts the rest: hostile input cannot flood the answer. */
export function boundIssues(issues: readonly Issue[]): Issue[] {
  const seen = new Map<IssueCode, number>();
  const kept = issues.filter(({ code }) => {
    const count = (seen.get(code) ?? 0) + 1;
    seen.set(code, count);
    return count <= KEPT_PER_CODE;
  });
  const more = [...seen]
    .filter(([, count]) => count > KEPT_PER_CODE)
    .map(([code, count]) => ({ code, message: `${count - KEPT_PER_CODE} more of this kind` }));
  return [...kept, ...more];
}
