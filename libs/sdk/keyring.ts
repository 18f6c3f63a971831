import type { KeySet } from '#libs/sse/index.js';
import { isRecord } from './json.js';
import type { RequestOptions, Transport } from './transport.js';

/** The service's public keys, read once and again whenever one is missing: keys are added by rotation, never taken away. */
export class Keyring {
  private known: KeySet = { keys: [] };

  constructor(private readonly transport: Transport) {}

  /** A key set that holds `keyId`, if the service publishes it. */
  async holding(keyId: string, options: RequestOptions): Promise<KeySet> {
    if (this.known.keys.some(({ kid }) => kid === keyId)) return this.known;
    const call = { method: 'GET', path: '.well-known/countersign-keys.json', repeat: 'safe' } as const;
    const answer = await this.transport.json<unknown>(call, options);
    this.known = { keys: isRecord(answer) && Array.isArray(answer['keys']) ? answer['keys'].filter(isPublicJwk) : [] };
    return this.known;
  }
}

const isPublicJwk = (value: unknown): value is KeySet['keys'][number] =>
  isRecord(value) && ['kid', 'kty', 'crv', 'x'].every((name) => typeof value[name] === 'string');
