import type { Config, Secret } from './kernel/index.js';

export interface WelcomeFacts {
  readonly url: string;
  readonly config: Config;
  /** The key this machine made for itself, and the file that keeps it; nothing is shown of configured ones. */
  readonly apiKey: Secret | undefined;
  readonly file: string | undefined;
}

const BRIEF =
  'Should our clinic open on Saturdays? Our goal is shorter waiting times. Staff costs would rise by 12%, but waiting times could fall. We could also extend weekday hours.';

/** What a newcomer needs after the start; one line for everybody else. */
export function welcome({ url, config, apiKey, file }: WelcomeFacts): string {
  if (config.NODE_ENV === 'production') return '';
  const stores = `${config.DATABASE_URL === undefined ? `embedded database in ${config.DATA_DIR}` : 'PostgreSQL'}, ${config.REDIS_URL === undefined ? 'hot state in this process (one instance only)' : 'Redis'}`;
  const key = apiKey?.reveal() ?? '<your key>';
  return `
Countersign listens on ${url}
  stores    ${stores}
  models    ${config.MODEL_PROVIDERS.join(', ')}
  API key   ${apiKey === undefined ? 'as configured in ASSIST_API_KEYS' : `${key}   (kept in ${file})`}
  API docs  ${url}/documentation

Try it:
  curl -N ${url}/assist/draft-graph/stream -H 'Authorization: Bearer ${key}' -H 'Content-Type: application/json' -d '{"brief":"${BRIEF}"}'

`;
}
