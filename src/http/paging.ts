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

/** Makes a position opaque; it carries nothing a caller may not see. */
export const encodeCursor = (position: string): string => Buffer.from(position, 'utf8').toString('base64url');

/** @throws {AppError} `BAD_INPUT` when the text was not made by `encodeCursor` */
export function decodeCursor(cursor: string): string {
  const position = Buffer.from(cursor, 'base64url').toString('utf8');
  if (encodeCursor(position) === cursor) return position;
  const message = 'The cursor is not valid';
  throw new AppError('BAD_INPUT', message, { errors: [{ path: 'cursor', code: 'invalid', message }] });
}
