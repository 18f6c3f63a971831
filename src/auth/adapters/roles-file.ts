import { parseConfigFile, readConfigFile } from '#src/kernel/index.js';
import { RolesFile } from '../role.schema.js';
import { Roles } from '../roles.js';

const NAME = 'config/roles.yaml';

/** @throws {ConfigError} naming the file, when it is missing or wrong */
export const readRoles = (): Roles => new Roles(readConfigFile(NAME, RolesFile).roles);

/** @throws {ConfigError} naming the file and the places that are wrong */
export const parseRoles = (text: string): Roles => new Roles(parseConfigFile(NAME, RolesFile, text).roles);
