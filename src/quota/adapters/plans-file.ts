import { readConfigFile } from '#src/kernel/index.js';
import { type DefaultLimits, plansOf } from '../plan.policy.js';
import { PlansFile } from '../plan.schema.js';
import { Plans } from '../plans.js';

/** @throws {ConfigError} naming the file, when `config/plans.yaml` is missing or wrong */
export const readPlans = (limits: DefaultLimits): Plans =>
  new Plans(plansOf(readConfigFile('config/plans.yaml', PlansFile), limits));
