import { pathId, type RequestOptions, type Transport } from '../transport.js';
import type { ApiKey, CreateKey, IssuedKey, List, PageQuery, RotateKey } from '../types.js';

/** API and signing keys of the caller's tenant. Needs the scope `keys:manage`. */
export class Keys {
  constructor(private readonly transport: Transport) {}

  /**
   * Creates a key. Its secret is in this answer and nowhere else.
   *
   * @example
   * const { secret } = await client.keys.create({ name: 'billing job', kind: 'api', roles: ['user'] });
   */
  create(request: CreateKey, options: RequestOptions = {}): Promise<IssuedKey> {
    return this.transport.json({ method: 'POST', path: 'v1/keys', body: request, repeat: 'keyed' }, options);
  }

  /**
   * One page of keys, newest first.
   *
   * @example
   * const { data, next_cursor } = await client.keys.list({ limit: 50 });
   */
  list(page: PageQuery = {}, options: RequestOptions = {}): Promise<List<ApiKey>> {
    const query = { limit: page.limit, cursor: page.cursor };
    return this.transport.json({ method: 'GET', path: 'v1/keys', query, repeat: 'safe' }, options);
  }

  /**
   * Gives a key a new secret; the old one works on for a while.
   *
   * @example
   * const { secret } = await client.keys.rotate(id, { overlap_seconds: 3600 });
   */
  rotate(id: string, request: RotateKey = {}, options: RequestOptions = {}): Promise<IssuedKey> {
    const path = `v1/keys/${pathId(id)}/rotate`;
    return this.transport.json({ method: 'POST', path, body: request, repeat: 'keyed' }, options);
  }

  /**
   * Revokes a key for good.
   *
   * @example
   * await client.keys.revoke(id);
   */
  revoke(id: string, options: RequestOptions = {}): Promise<ApiKey> {
    return this.transport.json({ method: 'DELETE', path: `v1/keys/${pathId(id)}`, repeat: 'safe' }, options);
  }
}
