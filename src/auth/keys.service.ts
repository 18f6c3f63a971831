import { Injectable } from '@nestjs/common';
import { decodeCursor, encodeCursor, type ListScope, type PageQuery } from '#src/http/index.js';
import { AppError, Clock } from '#src/kernel/index.js';
import { isKeyId } from './api-key.policy.js';
import type { ApiKeyRow } from './api-keys.table.js';
import { KeyStore } from './key.store.js';
import { KeyMint } from './key-mint.js';
import { kindOf, mayGrant, rolesOf, statusOf, viewOf } from './keys.policy.js';
import type { ApiKey, ApiKeyList, CreateKey, IssuedKey } from './keys.schema.js';
import type { Principal } from './principal.js';
import type { Role } from './role.schema.js';
import { Roles } from './roles.js';

/** The last instant that ISO 8601 writes with four digits of year. */
const LATEST_MS = Date.parse('9999-12-31T23:59:59.999Z');

/** The keys of the caller's tenant. */
@Injectable()
export class KeysService {
  constructor(
    private readonly store: KeyStore,
    private readonly mint: KeyMint,
    private readonly roles: Roles,
    private readonly clock: Clock,
  ) {}

  async create(caller: Principal, request: CreateKey): Promise<IssuedKey> {
    const now = this.clock.now();
    const expiresAt = request.expires_at === undefined ? null : new Date(request.expires_at);
    if (expiresAt !== null && !(expiresAt.getTime() > now)) throw badInput('expires_at', 'Must be in the future');
    if (expiresAt !== null && expiresAt.getTime() > LATEST_MS)
      throw badInput('expires_at', 'Must be before the year 10000');
    const roles = [...new Set(request.roles)];
    this.mustHold(caller, roles);

    const id = this.mint.newId();
    const secret = this.mint.newSecret(request.kind, { tenantId: caller.tenantId, keyId: id });
    const row = await this.store.insert({
      id,
      tenantId: caller.tenantId,
      name: request.name,
      kind: request.kind,
      roles,
      secretHash: secret.hash,
      sealedSecret: secret.sealed,
      createdBy: caller.id,
      createdAt: new Date(now),
      expiresAt,
    });
    return { ...viewOf(row, now), secret: secret.text };
  }

  async list(caller: Principal, { limit, cursor }: PageQuery): Promise<ApiKeyList> {
    const now = this.clock.now();
    const scope = { list: 'keys', tenantId: caller.tenantId };
    const before = cursor === undefined ? undefined : positionOf(scope, cursor);
    const rows = await this.store.page(caller.tenantId, before, limit + 1);
    const data = rows.slice(0, limit).map((row) => viewOf(row, now));
    const last = rows.length > limit ? data.at(-1) : undefined;
    return { object: 'list', data, next_cursor: last === undefined ? null : encodeCursor(scope, last.id) };
  }

  /** A new secret at once; the one in use works on for `overlapSeconds`, an older one not any more. */
  async rotate(caller: Principal, id: string, overlapSeconds: number): Promise<IssuedKey> {
    const now = this.clock.now();
    const owner = { tenantId: caller.tenantId, keyId: mustBeKeyId(id) };
    let text = '';
    const row = await this.store.change(caller.tenantId, id, (current) => {
      this.mustHold(caller, rolesOf(current));
      if (statusOf(current, now) !== 'active') throw new AppError('CONFLICT', 'The key is revoked or expired');
      const secret = this.mint.newSecret(kindOf(current), owner);
      text = secret.text;
      return {
        secretHash: secret.hash,
        sealedSecret: secret.sealed,
        ...overlap(current, now + overlapSeconds * 1_000, now),
      };
    });
    return { ...viewOf(row, now), secret: text };
  }

  /** Idempotent: a key is revoked once, and stays so. */
  async revoke(caller: Principal, id: string): Promise<ApiKey> {
    const now = this.clock.now();
    const row = await this.store.change(caller.tenantId, mustBeKeyId(id), ({ revokedAt }) => ({
      revokedAt: revokedAt ?? new Date(now),
      ...NO_FORMER_SECRET,
    }));
    return viewOf(row, now);
  }

  /** Who makes or renews a key could use it. */
  private mustHold(caller: Principal, roles: readonly Role[]): void {
    if (mayGrant(caller.scopes, this.roles.scopesOf(roles))) return;
    throw new AppError('FORBIDDEN', 'The key would hold scopes that the caller does not hold');
  }
}

const NO_FORMER_SECRET = { previousHash: null, previousSealed: null, previousUntil: null } as const;

const overlap = ({ secretHash, sealedSecret }: ApiKeyRow, until: number, now: number) =>
  until > now
    ? { previousHash: secretHash, previousSealed: sealedSecret, previousUntil: new Date(until) }
    : NO_FORMER_SECRET;

/** What is no id at all is as unknown as a foreign one. */
function mustBeKeyId(text: string): string {
  if (!isKeyId(text)) throw new AppError('NOT_FOUND', 'No such key');
  return text;
}

function positionOf(scope: ListScope, cursor: string): string {
  const position = decodeCursor(scope, cursor);
  if (!isKeyId(position)) throw badInput('cursor', 'The cursor is not valid');
  return position;
}

const badInput = (path: string, message: string): AppError =>
  new AppError('BAD_INPUT', message, { errors: [{ path, code: 'invalid', message }] });
