import { customType } from 'drizzle-orm/pg-core';

/** A column of bytes; Drizzle has none. */
export const bytea = customType<{ data: Uint8Array }>({ dataType: () => 'bytea' });
