import { type Config, configFileFaults, readConfigFile, rule } from '#src/kernel/index.js';
import { type DefaultLimits, plansOf } from '../plan.policy.js';
import { PlansFile } from '../plan.schema.js';
import { Plans } from '../plans.js';

const NAME = 'config/plans.yaml';

/** The file is as good at the start as it will be when it is read. */
export const planRules = [
  rule(['PLANS_FILE'], ({ PLANS_FILE }) =>
    configFileFaults({ name: NAME, variable: 'PLANS_FILE' }, PLANS_FILE, PlansFile),
  ),
];

/** @throws {ConfigError} naming the file, when `config/plans.yaml` or what stands for it is missing or wrong */
export const readPlans = (config: DefaultLimits & Pick<Config, 'PLANS_FILE'>): Plans =>
  new Plans(plansOf(readConfigFile(NAME, PlansFile, config.PLANS_FILE), config));
