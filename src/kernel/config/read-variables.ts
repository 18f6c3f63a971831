import type { z } from 'zod';
import { reasonOf } from './config-error.js';
import { Environment, SECRET_VARIABLES } from './environment.schema.js';
import type { ReadText, Variable } from './rule.js';

export type Variables = Readonly<Record<string, string | undefined>>;

/** What could be read of the environment, and what could not. */
export interface ReadEnvironment {
  /** A malformed variable has its default here, which nobody may judge. */
  readonly env: Environment;
  readonly faults: readonly string[];
  readonly malformed: ReadonlySet<string>;
  readonly given: (name: Variable) => boolean;
}

interface Texts {
  readonly values: Readonly<Record<string, string>>;
  readonly faults: readonly string[];
  readonly malformed: readonly string[];
}

/** Each variable for itself. An empty one counts as not set; a secret may stand in a file. */
export function readVariables(variables: Variables, readText: ReadText): ReadEnvironment {
  const texts = withFiles(variables, readText);
  const parsed = Environment.safeParse(texts.values);
  const issues = parsed.success ? [] : parsed.error.issues;
  const malformed = new Set([...texts.malformed, ...issues.map(({ path }) => String(path[0]))]);
  return {
    env: parsed.success ? parsed.data : Environment.parse(without(texts.values, malformed)),
    faults: [...texts.faults, ...issues.map(faultOf)],
    malformed,
    given: (name) => malformed.has(name) || texts.values[name] !== undefined,
  };
}

const without = (values: Texts['values'], names: ReadonlySet<string>) =>
  Object.fromEntries(Object.entries(values).filter(([name]) => !names.has(name)));

const faultOf = (issue: z.core.$ZodIssue): string => `${placeOf(issue.path)} (${reasonOf(issue)})`;

/** The variable; inside a list of objects the member too. */
const placeOf = (path: readonly PropertyKey[]): string =>
  path.length > 2 ? path.map(String).join('.') : String(path[0]);

/** A secret that is set twice, or whose file cannot be read, has no value to judge. */
function withFiles(variables: Variables, readText: ReadText): Texts {
  const values: Record<string, string> = {};
  const faults: string[] = [];
  const malformed: string[] = [];
  for (const [name, value] of Object.entries(variables)) if (value !== undefined && value !== '') values[name] = value;
  for (const name of SECRET_VARIABLES) {
    const path = values[`${name}_FILE`];
    if (path === undefined) continue;
    const text = readText(path);
    const own = [
      ...(values[name] === undefined ? [] : [`${name} (set twice: also as ${name}_FILE)`]),
      ...(text === undefined ? [`${name}_FILE (unreadable)`] : []),
    ];
    faults.push(...own);
    if (own.length > 0) malformed.push(name);
    if (own.length > 0 || text === undefined) delete values[name];
    else values[name] = text.trim();
  }
  return { values, faults, malformed };
}
