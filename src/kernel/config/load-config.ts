import { ConfigError } from './config-error.js';
import type { Environment } from './environment.schema.js';
import { filesRules } from './files.policy.js';
import { productionRules } from './production.policy.js';
import { readVariables, type Variables } from './read-variables.js';
import { type ReadText, type Rule, rule } from './rule.js';
import { tokenRules } from './token-issuers.policy.js';

/** The whole configuration, checked and frozen. Each module takes what it needs. */
export type Config = Readonly<Environment>;

/** Processes that share their work share their stores. */
const roleRules = (['DATABASE_URL', 'REDIS_URL'] as const).map((name) =>
  rule(['ROLE'], ({ ROLE }, { given }) =>
    ROLE === 'all' || given(name) ? [] : [`${name} (missing: only ROLE all does without)`],
  ),
);

const RULES: readonly Rule[] = [...filesRules, ...roleRules, ...tokenRules, ...productionRules];

/**
 * Environment text in, frozen configuration out. An empty variable counts as not set.
 *
 * @param rules of modules that alone can judge what they are told
 * @throws {ConfigError} with every fault at once
 */
export function loadConfig(variables: Variables, readText: ReadText, rules: readonly Rule[] = []): Config {
  const { env, faults, malformed, given } = readVariables(variables, readText);
  const judged = [...RULES, ...rules].filter(({ reads }) => !reads.some((name) => malformed.has(name)));
  const all = new Set([...faults, ...judged.flatMap((each) => each.faults(env, { given, readText }))]);
  if (all.size > 0) throw new ConfigError([...all]);
  return Object.freeze(env);
}
