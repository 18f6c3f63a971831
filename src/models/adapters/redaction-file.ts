import { type Config, readConfigFile } from '#src/kernel/index.js';
import { RedactionPolicies } from '../redaction/redaction-policies.js';
import { RedactionFile } from '../redaction/redaction-policy.schema.js';

/** @throws {ConfigError} naming the file, when `config/redaction.yaml` or what stands for it is missing or wrong */
export const readRedactionPolicies = ({ REDACTION_FILE }: Pick<Config, 'REDACTION_FILE'>): RedactionPolicies =>
  new RedactionPolicies(readConfigFile('config/redaction.yaml', RedactionFile, REDACTION_FILE));
