import { type Config, readConfigFile } from '#src/kernel/index.js';
import { type DefaultLimits, plansOf } from '../plan.policy.js';
import { PlansFile } from '../plan.schema.js';
import { Plans } from '../plans.js';

/** @throws {ConfigError} naming the file, when `config/plans.yaml` or what stands for it is missing or wrong */
export const readPlans = (config: DefaultLimits & Pick<Config, 'PLANS_FILE'>): Plans =>
  new Plans(plansOf(readConfigFile('config/plans.yaml', PlansFile, config.PLANS_FILE), config));
