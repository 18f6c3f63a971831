import { type Config, readConfigFile } from '#src/kernel/index.js';
import { modelsFile } from '../models-file.schema.js';
import { RouteTable } from '../route-table.js';

type Settings = Pick<Config, 'MODEL_PROVIDERS' | 'MODELS_FILE'>;

/**
 * @param known every provider that there is
 * @throws {ConfigError} naming the file and every fault, when `config/models.yaml` or what stands for it is missing or wrong
 */
export const readRouteTable = ({ MODEL_PROVIDERS, MODELS_FILE }: Settings, known: readonly string[]): RouteTable =>
  new RouteTable(readConfigFile('config/models.yaml', modelsFile(known, MODEL_PROVIDERS), MODELS_FILE));
