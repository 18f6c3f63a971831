/** The `code` that Node.js and the drivers put on their errors: `EEXIST`, `ECONNREFUSED`, an SQLSTATE. */
export function codeOf(error: unknown): string | undefined {
  if (typeof error !== 'object' || error === null || !('code' in error)) return undefined;
  return typeof error.code === 'string' ? error.code : undefined;
}
