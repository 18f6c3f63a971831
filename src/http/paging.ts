import { hash } from 'node:crypto';
import { z } from 'zod';
import { AppError } from '#src/kernel/index.js';

/** `?limit=&cursor=` of every list. */
export const PageQuery = z.strictObject({
  limit: z.coerce.number().int().min(1).max(100).default(20).describe('Most items of one page'),
  cursor: z.string().min(1).max(512).optional().describe('`next_cursor` of the page before'),
});
export type PageQuery = z.infer<typeof PageQuery>;

/** The shape of every list. */
export const listOf = (item: z.ZodType, id: string) =>
  z.object({ object: z.literal('list'), data: z.array(item), next_cursor: z.string().nullable() }).meta({ id });

/** Whose list a cursor belongs to. */
export interface ListScope {
  readonly list: string;
  readonly tenantId: string;
}

/** Makes a position opaque and ties it to one tenant's list; it carries nothing a caller may not see. */
export const encodeCursor = (scope: ListScope, position: string): string =>
  Buffer.from(`${markOf(scope, position)}.${position}`, 'utf8').toString('base64url');

/**
 * @throws {AppError} `BAD_INPUT` for what is no cursor; `NOT_FOUND` for one of another list or tenant, which is as unknown as
 * one that nobody was given
 */
export function decodeCursor(scope: ListScope, cursor: string): string {
  const bytes = Buffer.from(cursor, 'base64url');
  const [, mark, position] = MARKED.exec(bytes.toString('utf8')) ?? [];
  if (mark === undefined || position === undefined || bytes.toString('base64url') !== cursor) {
    const message = 'The cursor is not valid';
    throw new AppError('BAD_INPUT', message, { errors: [{ path: 'cursor', code: 'invalid', message }] });
  }
  if (mark !== markOf(scope, position)) throw new AppError('NOT_FOUND', 'No such cursor');
  return position;
}

const MARKED = /^([0-9a-f]{16})\.(.+)$/su;

// No secret: rows are kept apart by their tenant. The mark only tells a stray cursor from one of this list.
const markOf = ({ list, tenantId }: ListScope, position: string): string =>
  hash('sha256', JSON.stringify([list, tenantId, position])).slice(0, 16);
