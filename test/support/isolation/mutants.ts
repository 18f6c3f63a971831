import type { Phase } from './attack.ts';
import { tryAllowance } from './phases.ts';
import { tryMemory } from './try-memory.ts';
import { tryNames } from './try-names.ts';
import { tryRepeats } from './try-repeats.ts';
import { tryRules } from './try-rules.ts';

/** A change of the built service's code. */
interface Edit {
  /** Fits one place; the names of what is imported may carry a number there. */
  readonly find: RegExp;
  readonly replace: string;
}

/** A service with a fault in its isolation. */
export interface Mutant {
  readonly title: string;
  readonly edits: readonly Edit[];
  /** Run in its database once it is migrated. */
  readonly sql?: string;
  /** The phase of the attack that must report it, an operation that shows it, and the breach. */
  readonly by: Phase;
  readonly at: string;
  readonly breach: RegExp;
}

const withoutPolicy = (table: string): string => `ALTER TABLE ${table} DISABLE ROW LEVEL SECURITY`;

const KEY_WITHOUT_TENANT: Edit = { find: /:\{\$\{escaped\w*\(tenant\)\}\}:/, replace: ':{}:' };
const LIST_WITHOUT_TENANT: Edit = {
  find: /and\w*\(eq\w*\(apiKeys\w*\.tenantId, tenantId\), older\)/,
  replace: 'older',
};
const CHANGE_WITHOUT_TENANT: Edit = {
  find: /and\w*\(eq\w*\(apiKeys\w*\.tenantId, tenantId\), (?=eq\w*\(apiKeys\w*\.id, id\))/,
  replace: '(',
};
const TRANSACTION_AS_OWNER: Edit = { find: /set_config\('role', '\$\{ROLE\w*\}', true\), /, replace: '' };
const NAME_WITHOUT_TENANT: Edit = { find: /\[tenantId, (?=principalId, route, )/, replace: '[' };

/** One for each place where the tenant, or the owner, keeps others out. */
export const mutants: readonly Mutant[] = [
  {
    title: 'a key builder that forgets the tenant',
    edits: [KEY_WITHOUT_TENANT],
    by: tryAllowance,
    at: 'GET /v1/limits',
    breach: /^requests of another tenant are counted/,
  },
  {
    title: 'a key builder and an owner check that forget the tenant',
    edits: [KEY_WITHOUT_TENANT, { find: /owner\.tenantId === other\.tenantId && (?=owner\.principalId)/, replace: '' }],
    by: tryNames,
    at: 'GET /v1/streams/{id}/events',
    breach: /^GET \/v1\/streams\/\{id\}\/events, a stream in path id, the same name in another tenant: 200/,
  },
  {
    title: 'a list without the tenant, on a table without its policy',
    edits: [LIST_WITHOUT_TENANT],
    sql: withoutPolicy('api_keys'),
    by: tryRules,
    at: 'GET /v1/keys',
    breach: /^GET \/v1\/keys, another tenant with a signature: tells/,
  },
  {
    title: 'a cursor that forgets the tenant',
    edits: [{ find: /(\[list\w*), tenantId(?=, position\])/, replace: '$1' }],
    by: tryNames,
    at: 'GET /v1/keys',
    breach: /^GET \/v1\/keys, a cursor in query cursor, another tenant with an API key: 200/,
  },
  {
    title: 'a change without the tenant, as the owner of the tables',
    edits: [CHANGE_WITHOUT_TENANT, TRANSACTION_AS_OWNER],
    by: tryNames,
    at: 'DELETE /v1/keys/{id}',
    breach: /^DELETE \/v1\/keys\/\{id\}, a key in path id, another tenant with an API key: 200/,
  },
  {
    title: 'a refusal that says that the key exists',
    edits: [
      CHANGE_WITHOUT_TENANT,
      {
        find: /(?=if \((row\w*) === void 0\)\s*throw new AppError\w*\("NOT_FOUND", "No such key"\))/,
        replace: 'if ($1 !== void 0 && $1.tenantId !== tenantId) throw new AppError("FORBIDDEN");',
      },
    ],
    sql: withoutPolicy('api_keys'),
    by: tryNames,
    at: 'POST /v1/keys/{id}/rotate',
    breach: /^POST \/v1\/keys\/\{id\}\/rotate, a key in path id, another tenant with a signature: 403/,
  },
  {
    title: 'a look-up of runs without the tenant, on a table without its policy',
    edits: [{ find: /eq\w*\(runs\w*\.tenantId, tenantId\), (?=eq\w*\(runs\w*\.principalId)/, replace: '' }],
    sql: withoutPolicy('runs'),
    by: tryNames,
    at: 'GET /v1/streams/{id}/events',
    breach: /^GET \/v1\/streams\/\{id\}\/events, a running in path id, the same name in another tenant: 426/,
  },
  {
    title: 'a look-up of archives without the tenant, on a table without its policy',
    edits: [{ find: /eq\w*\(streamArchives\w*\.tenantId, tenantId\), /, replace: '' }],
    sql: withoutPolicy('stream_archives'),
    by: tryNames,
    at: 'GET /v1/streams/{id}/events',
    breach: /^GET \/v1\/streams\/\{id\}\/events, a stream in path id, the same name in another tenant: tells Zanzibar/,
  },
  {
    title: 'a look-up of responses without the tenant, on a table without its policy',
    edits: [
      {
        find: /eq\w*\(responses\w*\.tenantId, tenantId\), (?=eq\w*\(responses\w*\.principalId, principalId\)\);\s*return this\.sql)/,
        replace: '',
      },
    ],
    sql: withoutPolicy('responses'),
    by: tryNames,
    at: 'GET /v1/responses/{id}',
    breach: /^GET \/v1\/responses\/\{id\}, a response in path id, the same name in another tenant: 200/,
  },
  {
    title: 'a response that any principal of the tenant may read',
    edits: [{ find: /, eq\w*\(responses\w*\.principalId, principalId\)(?=\);\s*return this\.sql)/, replace: '' }],
    by: tryNames,
    at: 'GET /v1/responses/{id}',
    breach: /^GET \/v1\/responses\/\{id\}, a response in path id, an? \w+ of the tenant: 200/,
  },
  {
    title: 'an idempotency key without the tenant',
    edits: [NAME_WITHOUT_TENANT],
    by: tryRepeats,
    at: 'POST /assist/draft-graph',
    breach: /^POST \/assist\/draft-graph again, with the key, the same name in another tenant: 409, but 200/,
  },
  {
    title: 'a remembered answer without the tenant',
    edits: [NAME_WITHOUT_TENANT, KEY_WITHOUT_TENANT],
    by: tryRepeats,
    at: 'POST /assist/draft-graph',
    breach:
      /^POST \/assist\/draft-graph again, as a retry, the same name in another tenant: an answer of somebody else/,
  },
  {
    title: 'a question remembered without the tenant',
    edits: [{ find: /\[FORM\w*, kind, tenantId, /, replace: '[1, kind, ' }],
    by: tryMemory,
    at: 'POST /assist/draft-graph',
    breach: /^POST \/assist\/draft-graph is answered from the memory of another tenant/,
  },
  {
    title: 'a resume token without the tenant',
    edits: [{ find: /tenant !== bounded\w*\(caller\.tenantId\) \|\| /, replace: '' }],
    by: tryNames,
    at: 'POST /assist/draft-graph/resume',
    breach:
      /^POST \/assist\/draft-graph\/resume, a token in header x-resume-token, the same name in another tenant: 404/,
  },
  {
    title: 'a stream that any principal of the tenant may read',
    edits: [{ find: / && owner\.principalId === other\.principalId/, replace: '' }],
    by: tryNames,
    at: 'GET /v1/streams/{id}/events',
    breach: /^GET \/v1\/streams\/\{id\}\/events, a stream in path id, an auditor of the tenant: 200/,
  },
  {
    title: 'a refusal that comes after the deed',
    edits: [
      {
        find: /(?=if \(!owns\w*\(decodeHeader\w*\(slice\.head\.header\)\.owner, owner\)\)\s*throw noSuchStream\(\);\s*return \{ id: streamId, status: (await this\.stop\([^)]*\)))/,
        replace: '$1;',
      },
    ],
    by: async (attack) => {
      await tryNames(attack);
      return attack.harm();
    },
    at: 'DELETE /v1/streams/{id}',
    breach: /^the running of the owner was .* and is .*event: error/s,
  },
  {
    title: 'a guard that asks for no scope',
    edits: [{ find: /principal\.scopes\.has\(rule\w*\.scope\) \?/, replace: 'true ?' }],
    by: tryRules,
    at: 'GET /v1/keys',
    breach: /^GET \/v1\/keys, an approver of the tenant: 200/,
  },
  {
    title: 'a rule that asks for less',
    edits: [
      {
        find: /(?<=Controller\w*\("v1\/keys"\),\s*)RequireScope\w*\("keys:manage"\)/,
        replace: 'RequireScope("limits:read")',
      },
    ],
    by: tryRules,
    at: 'POST /v1/keys',
    breach: /^POST \/v1\/keys, a user of the tenant: 201/,
  },
  {
    title: 'a rule that forgets a role',
    edits: [{ find: /RequireScope\w*\("limits:read"\)/, replace: 'RequireScope("status:read")' }],
    by: tryRules,
    at: 'GET /v1/limits',
    breach: /^GET \/v1\/limits, a reviewer of the tenant: 403/,
  },
];

/** What half of a pair lets through, the other half keeps out. */
export const halves: readonly Omit<Mutant, 'by' | 'at' | 'breach'>[] = [
  { title: 'the policies hold what the queries let through', edits: [LIST_WITHOUT_TENANT, CHANGE_WITHOUT_TENANT] },
  {
    title: 'the queries hold what the policies let through',
    edits: [TRANSACTION_AS_OWNER],
    sql: ['api_keys', 'runs', 'stream_archives', 'idempotency_records', 'responses', 'jobs']
      .map(withoutPolicy)
      .join(';'),
  },
];
