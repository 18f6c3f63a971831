import { z } from 'zod';

/** What a principal is; what it may do follows from `config/roles.yaml`. */
export const Role = z.enum(['user', 'reviewer', 'approver', 'auditor', 'admin']).meta({ id: 'Role' });
export type Role = z.infer<typeof Role>;

/** One permission, `noun:verb`. */
export type Scope = `${string}:${string}`;

const Scopes = z.array(z.string().regex(/^[a-z]+(-[a-z]+)*:[a-z]+(-[a-z]+)*$/)).min(1);

/** The content of `config/roles.yaml`: every role, none besides. */
export const RolesFile = z.strictObject({ roles: z.record(Role, Scopes) });
export type RolesFile = z.infer<typeof RolesFile>;
