import { existsSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { parse } from 'yaml';
import { ConfigError } from '#src/kernel/index.js';
import { RolesFile } from '../role.schema.js';
import { Roles } from '../roles.js';

const NAME = 'config/roles.yaml';

/**
 * Reads `config/roles.yaml` of the package this code belongs to, whether it runs from `src` or from `dist`.
 *
 * @throws {ConfigError} naming the file, when it is missing or wrong
 */
export function readRoles(): Roles {
  return parseRoles(readText(join(packageRoot(import.meta.dirname), NAME)));
}

/** @throws {ConfigError} naming the file and the places that are wrong */
export function parseRoles(text: string): Roles {
  const parsed = RolesFile.safeParse(parseYaml(text));
  if (parsed.success) return new Roles(parsed.data.roles);
  throw new ConfigError(parsed.error.issues.map(({ path, code }) => `${NAME} ${path.join('.')} (${code})`));
}

function packageRoot(folder: string): string {
  const parent = dirname(folder);
  return parent === folder || existsSync(join(folder, 'package.json')) ? folder : packageRoot(parent);
}

function readText(path: string): string {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    throw new ConfigError([`${NAME} (unreadable)`]);
  }
}

function parseYaml(text: string): unknown {
  try {
    return parse(text);
  } catch {
    throw new ConfigError([`${NAME} (not YAML)`]);
  }
}
