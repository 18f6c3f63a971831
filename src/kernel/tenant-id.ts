import { z } from 'zod';

/** The name of a tenant, wherever it comes from: part of keys, rows and log lines. */
export const TenantId = z.string().regex(/^[A-Za-z0-9._-]{1,64}$/);
