import { Environment, SECRET_VARIABLES } from './environment.schema.js';
import { productionFaults } from './production.policy.js';
import { tokenFaults } from './token-issuers.policy.js';

type Variables = Readonly<Record<string, string | undefined>>;

/** Reads the text of a file; `undefined` when it cannot be read. */
export type ReadText = (path: string) => string | undefined;

/** The whole configuration, checked and frozen. Each module takes what it needs. */
export type Config = Readonly<Environment>;

/** Thrown at start-up: names every variable that is wrong, never a value. */
export class ConfigError extends Error {
  constructor(readonly faults: readonly string[]) {
    super(`Invalid environment: ${faults.join(', ')}`);
    this.name = 'ConfigError';
  }
}

/**
 * Environment text in, frozen configuration out. An empty variable counts as not set.
 *
 * @throws {ConfigError} with every fault at once
 */
export function loadConfig(variables: Variables, readText: ReadText): Config {
  const { values, faults } = withFiles(variables, readText);
  const parsed = Environment.safeParse(values);
  if (!parsed.success) {
    const named = parsed.error.issues.map(({ path, code }) => `${placeOf(path)} (${code})`);
    throw new ConfigError([...new Set([...faults, ...named])]);
  }
  const all = [
    ...faults,
    ...tlsFaults(parsed.data),
    ...roleFaults(parsed.data),
    ...tokenFaults(parsed.data),
    ...(parsed.data.NODE_ENV === 'production' ? productionFaults(parsed.data) : []),
  ];
  if (all.length > 0) throw new ConfigError(all);
  return Object.freeze(parsed.data);
}

/** The variable; inside a list of objects the member too. */
const placeOf = (path: readonly PropertyKey[]): string =>
  path.length > 2 ? path.map(String).join('.') : String(path[0]);

function withFiles(variables: Variables, readText: ReadText): { values: Variables; faults: string[] } {
  const values: Record<string, string> = {};
  const faults: string[] = [];
  for (const [name, value] of Object.entries(variables)) if (value !== undefined && value !== '') values[name] = value;
  for (const name of SECRET_VARIABLES) {
    const path = values[`${name}_FILE`];
    if (path === undefined) continue;
    if (values[name] !== undefined) faults.push(`${name} (set twice: also as ${name}_FILE)`);
    const text = readText(path);
    if (text === undefined) faults.push(`${name}_FILE (unreadable)`);
    else values[name] = text.trim();
  }
  return { values, faults };
}

const tlsFaults = ({ TLS_CERT, TLS_KEY }: Environment): string[] =>
  (TLS_CERT === undefined) === (TLS_KEY === undefined) ? [] : ['TLS_CERT, TLS_KEY (both or none)'];

/** Processes that share their work share their stores. */
const roleFaults = ({ ROLE, DATABASE_URL, REDIS_URL }: Environment): string[] =>
  ROLE === 'all' || (DATABASE_URL !== undefined && REDIS_URL !== undefined)
    ? []
    : [`ROLE (${ROLE} needs DATABASE_URL and REDIS_URL)`];
