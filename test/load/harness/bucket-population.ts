export const TENANTS = 10_000;
export const PRINCIPALS_PER_TENANT = 10;

/** One of each principal, one of each tenant. */
export const BUCKETS = TENANTS * PRINCIPALS_PER_TENANT + TENANTS;

/** What everybody does after the first requests. */
export type Conduct = 'all come back' | 'all stay away';
