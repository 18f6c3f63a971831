import { BUILT_IN_PROVIDERS, type Config, configFileFaults, readConfigFile, rule } from '#src/kernel/index.js';
import { ModelsFile, modelsFile } from '../models-file.schema.js';

type Settings = Pick<Config, 'MODEL_PROVIDERS' | 'MODELS_FILE'>;

const FILE = { name: 'config/models.yaml', variable: 'MODELS_FILE' } as const;

const schemaOf = ({ MODEL_PROVIDERS }: Settings) => modelsFile(BUILT_IN_PROVIDERS, MODEL_PROVIDERS);

const faultsOf = (settings: Settings): readonly string[] =>
  configFileFaults(FILE, settings.MODELS_FILE, schemaOf(settings));

/** @throws {ConfigError} naming the file and every fault, when `config/models.yaml` or what stands for it is missing or wrong */
export const readModelsFile = (settings: Settings): ModelsFile =>
  readConfigFile(FILE.name, schemaOf(settings), settings.MODELS_FILE);

/** Said of a variable that names what is neither built in nor in a file that can be read. */
function nobody(variable: string, path: string | undefined, names: Iterable<string>, builtIn: readonly string[]) {
  const named = [...names].filter((name) => !builtIn.includes(name));
  // Most installations have no endpoint: the file need not be read for them.
  if (named.length === 0 || configFileFaults(FILE, path, ModelsFile).length > 0) return [];
  const { endpoints } = readConfigFile(FILE.name, ModelsFile, path);
  return named.every((name) => Object.hasOwn(endpoints, name)) ? [] : [`${variable} (names no provider)`];
}

/** The file, and what the environment says of it, are as good at the start as they will be when they are read. */
export const modelRules = [
  rule(['MODELS_FILE', 'MODEL_PROVIDERS'], faultsOf),
  rule(['MODELS_FILE', 'MODEL_PROVIDERS'], ({ MODELS_FILE, MODEL_PROVIDERS }) =>
    nobody('MODEL_PROVIDERS', MODELS_FILE, MODEL_PROVIDERS, BUILT_IN_PROVIDERS),
  ),
  rule(['MODELS_FILE', 'MODEL_ENDPOINT_KEYS'], ({ MODELS_FILE, MODEL_ENDPOINT_KEYS }) =>
    nobody('MODEL_ENDPOINT_KEYS', MODELS_FILE, MODEL_ENDPOINT_KEYS?.keys() ?? [], []),
  ),
];
