import { existsSync, readFileSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { parse } from 'yaml';
import { z } from 'zod';
import { ConfigError, reasonOf } from './config-error.js';

/** A file of `config/`, of the package this code belongs to, whether it runs from `src` or from `dist`. */
interface ConfigFile {
  /** As a reader knows it: `config/plans.yaml`. */
  readonly name: string;
  /** The variable that may name another in its place. */
  readonly variable: string;
}

/**
 * Reads a file of `config/`.
 *
 * @param name as a reader knows it: `config/roles.yaml`
 * @param elsewhere the path of a file that is read in its place, seen from the working directory
 * @throws {ConfigError} naming the file, when it is missing or wrong
 */
export const readConfigFile = <S extends z.ZodType>(name: string, schema: S, elsewhere?: string): z.output<S> =>
  parseConfigFile(elsewhere ?? name, schema, readText(elsewhere ?? name, pathOf(name, elsewhere)));

/**
 * What is wrong with a file of `config/`, said before anybody reads it. The variable stands for the file that it names.
 *
 * @param elsewhere the value of the variable
 * @param schema anything that is YAML when left out
 */
export function configFileFaults(
  { name, variable }: ConfigFile,
  elsewhere: string | undefined,
  schema: z.ZodType = z.unknown(),
): readonly string[] {
  const label = elsewhere === undefined ? name : variable;
  try {
    parseConfigFile(label, schema, readText(label, pathOf(name, elsewhere)));
    return [];
  } catch (error) {
    if (error instanceof ConfigError) return error.faults;
    throw error;
  }
}

/** @throws {ConfigError} naming the file and the places that are wrong, never a value */
export function parseConfigFile<S extends z.ZodType>(name: string, schema: S, text: string): z.output<S> {
  const parsed = schema.safeParse(parseYaml(name, text));
  if (parsed.success) return parsed.data;
  throw new ConfigError(parsed.error.issues.map((issue) => `${placeOf(name, issue.path)} (${reasonOf(issue)})`));
}

const placeOf = (name: string, path: readonly PropertyKey[]): string =>
  path.length === 0 ? name : `${name} ${path.join('.')}`;

const pathOf = (name: string, elsewhere: string | undefined): string =>
  elsewhere === undefined ? join(packageRoot(import.meta.dirname), name) : resolve(elsewhere);

function packageRoot(folder: string): string {
  const parent = dirname(folder);
  return parent === folder || existsSync(join(folder, 'package.json')) ? folder : packageRoot(parent);
}

function readText(name: string, path: string): string {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    throw new ConfigError([`${name} (unreadable)`]);
  }
}

function parseYaml(name: string, text: string): unknown {
  try {
    return parse(text);
  } catch {
    throw new ConfigError([`${name} (not YAML)`]);
  }
}
