import { type Config, configFileFaults, readConfigFile, rule } from '#src/kernel/index.js';
import { RedactionPolicies } from '../redaction/redaction-policies.js';
import { RedactionFile } from '../redaction/redaction-policy.schema.js';

const FILE = { name: 'config/redaction.yaml', variable: 'REDACTION_FILE' } as const;

/** The file is as good at the start as it will be when it is read. */
export const redactionRules = [
  rule(['REDACTION_FILE'], ({ REDACTION_FILE }) => configFileFaults(FILE, REDACTION_FILE, RedactionFile)),
];

/** @throws {ConfigError} naming the file, when `config/redaction.yaml` or what stands for it is missing or wrong */
export const readRedactionPolicies = ({ REDACTION_FILE }: Pick<Config, 'REDACTION_FILE'>): RedactionPolicies =>
  new RedactionPolicies(readConfigFile(FILE.name, RedactionFile, REDACTION_FILE));
