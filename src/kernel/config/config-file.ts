import { existsSync, readFileSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { parse } from 'yaml';
import type { z } from 'zod';
import { ConfigError } from './load-config.js';

/**
 * Reads a file of `config/`, of the package this code belongs to, whether it runs from `src` or from `dist`.
 *
 * @param name as a reader knows it: `config/roles.yaml`
 * @param elsewhere the path of a file that is read in its place, seen from the working directory
 * @throws {ConfigError} naming the file, when it is missing or wrong
 */
export function readConfigFile<S extends z.ZodType>(name: string, schema: S, elsewhere?: string): z.output<S> {
  const path = elsewhere === undefined ? join(packageRoot(import.meta.dirname), name) : resolve(elsewhere);
  return parseConfigFile(elsewhere ?? name, schema, readText(elsewhere ?? name, path));
}

/** @throws {ConfigError} naming the file and the places that are wrong, never a value */
export function parseConfigFile<S extends z.ZodType>(name: string, schema: S, text: string): z.output<S> {
  const parsed = schema.safeParse(parseYaml(name, text));
  if (parsed.success) return parsed.data;
  throw new ConfigError(parsed.error.issues.map(({ path, code }) => `${name} ${path.join('.')} (${code})`));
}

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
