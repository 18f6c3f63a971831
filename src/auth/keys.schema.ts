import { z } from 'zod';
import { listOf } from '#src/http/index.js';
import { Role } from './role.schema.js';

const KeyKind = z.enum(['api', 'hmac']).describe('`api`: a bearer key; `hmac`: a secret that signs requests');
const RoleList = z.array(Role).min(1).max(Role.options.length);

export const CreateKey = z
  .strictObject({
    name: z
      .string()
      .trim()
      .min(1)
      .max(100)
      .regex(/^\P{Cc}*$/u, 'Must not contain control characters')
      .describe('What the key is for'),
    kind: KeyKind,
    roles: RoleList.describe('Only roles whose scopes the caller holds'),
    expires_at: z.iso.datetime({ offset: true }).optional().describe('When the key stops to work; never when left out'),
  })
  .meta({ id: 'CreateKey' });
export type CreateKey = z.infer<typeof CreateKey>;

export const RotateKey = z
  .strictObject({
    overlap_seconds: z
      .int()
      .min(0)
      .max(604_800)
      .default(86_400)
      .describe('How long the secret in use goes on working; an older one stops at once'),
  })
  .meta({ id: 'RotateKey' });
export type RotateKey = z.infer<typeof RotateKey>;

const time = z.iso.datetime();

export const ApiKey = z
  .object({
    id: z.string().describe('`key_<UUID>`'),
    name: z.string(),
    kind: KeyKind,
    roles: z.array(Role),
    prefix: z.string().describe('How the key begins; the rest is its secret'),
    status: z.enum(['active', 'expired', 'revoked']),
    created_at: time,
    created_by: z.string().describe('Id of the principal that created it'),
    expires_at: time.nullable(),
    revoked_at: time.nullable(),
    previous_until: time.nullable().describe('Until when the secret before the last rotation works'),
  })
  .meta({ id: 'ApiKey' });
export type ApiKey = z.infer<typeof ApiKey>;

export const IssuedKey = ApiKey.extend({
  secret: z
    .string()
    .describe(
      'The whole key, as it is presented; of an `hmac` key the secret to sign with, all of it. Shown this once',
    ),
}).meta({ id: 'IssuedKey' });
export type IssuedKey = z.infer<typeof IssuedKey>;

export const ApiKeyList = listOf(ApiKey, 'ApiKeyList');
export interface ApiKeyList {
  readonly object: 'list';
  readonly data: readonly ApiKey[];
  readonly next_cursor: string | null;
}
