import { BUILT_IN_PROVIDERS, type Config, configFileFaults, readConfigFile, rule } from '#src/kernel/index.js';
import { type ModelsFile, modelsFile } from '../models-file.schema.js';

type Settings = Pick<Config, 'MODEL_PROVIDERS' | 'MODELS_FILE'>;

const FILE = { name: 'config/models.yaml', variable: 'MODELS_FILE' } as const;

const schemaOf = ({ MODEL_PROVIDERS }: Settings) => modelsFile(BUILT_IN_PROVIDERS, MODEL_PROVIDERS);

const faultsOf = (settings: Settings): readonly string[] =>
  configFileFaults(FILE, settings.MODELS_FILE, schemaOf(settings));

/** @throws {ConfigError} naming the file and every fault, when `config/models.yaml` or what stands for it is missing or wrong */
export const readModelsFile = (settings: Settings): ModelsFile =>
  readConfigFile(FILE.name, schemaOf(settings), settings.MODELS_FILE);

/** Said of a variable that names an endpoint which a good file does not have. */
function nobody(variable: string, settings: Settings, names: (endpoints: ReadonlySet<string>) => boolean): string[] {
  if (faultsOf(settings).length > 0) return [];
  return names(new Set(Object.keys(readModelsFile(settings).endpoints))) ? [`${variable} (names no provider)`] : [];
}

const isBuiltIn = (name: string): boolean => (BUILT_IN_PROVIDERS as readonly string[]).includes(name);

/** The file, and what the environment says of it, are as good at the start as they will be when they are read. */
export const modelRules = [
  rule(['MODELS_FILE', 'MODEL_PROVIDERS'], faultsOf),
  rule(['MODELS_FILE', 'MODEL_PROVIDERS'], (env) =>
    nobody('MODEL_PROVIDERS', env, (endpoints) =>
      env.MODEL_PROVIDERS.some((name) => !isBuiltIn(name) && !endpoints.has(name)),
    ),
  ),
  rule(['MODELS_FILE', 'MODEL_PROVIDERS', 'MODEL_ENDPOINT_KEYS'], (env) =>
    nobody('MODEL_ENDPOINT_KEYS', env, (endpoints) =>
      [...(env.MODEL_ENDPOINT_KEYS?.keys() ?? [])].some((name) => !endpoints.has(name)),
    ),
  ),
];
