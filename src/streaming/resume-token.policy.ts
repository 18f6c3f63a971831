import { createHash, createHmac, createSecretKey, type KeyObject, timingSafeEqual } from 'node:crypto';
import { fromBase64url, type Secret } from '#src/kernel/index.js';
import type { StreamOwner } from './stream-owner.js';

/** What a resume token says. */
export interface ResumeClaims {
  readonly streamId: string;
  readonly owner: StreamOwner;
  /** The event that carried the token: its holder has seen everything up to here. */
  readonly seq: number;
  /** How far the work was, for people who look into a token. */
  readonly step: string;
  /** Unix ms. */
  readonly expiresAt: number;
}

/** A key of this purpose alone, with the public name it has in tokens. */
export interface ResumeKey {
  readonly id: string;
  readonly key: KeyObject;
}

export type ResumeReading =
  | { readonly valid: true; readonly streamId: string; readonly seq: number }
  | { readonly valid: false; readonly reason: 'malformed' | 'signature' | 'key' | 'owner' | 'expired' };

/** Longest token, in characters. */
export const MAX_TOKEN_LENGTH = 400;
const KEY_ID_LENGTH = 8;
const MAX_STEP_LENGTH = 24;
/** Names longer than this, as JSON, are replaced by their digest, so that a token stays short. */
const MAX_NAME_BYTES = 66;
const FORM = /^([A-Za-z0-9_-]{2,356})\.([A-Za-z0-9_-]{43})$/;

export function resumeKey(secret: Secret): ResumeKey {
  const key = createSecretKey(secret.reveal(), 'utf8');
  const id = createHmac('sha256', key).update('countersign resume key id').digest('base64url').slice(0, KEY_ID_LENGTH);
  return { id, key };
}

/** `base64url(payload).base64url(HMAC-SHA256(base64url(payload)))`, at most {@link MAX_TOKEN_LENGTH} characters. */
export function issueResumeToken(
  { streamId, owner, seq, step, expiresAt }: ResumeClaims,
  { id, key }: ResumeKey,
): string {
  const fields = [streamId, bounded(owner.tenantId), bounded(owner.principalId), seq, plain(step), expiresAt, id];
  const payload = Buffer.from(JSON.stringify(fields)).toString('base64url');
  return `${payload}.${mac(payload, key).toString('base64url')}`;
}

/** Nothing of the payload is parsed before its MAC is known to be right. */
export function readResumeToken(token: string, key: ResumeKey, caller: StreamOwner, now: number): ResumeReading {
  const [, payload, signature] = (token.length <= MAX_TOKEN_LENGTH ? FORM.exec(token) : null) ?? [];
  if (payload === undefined || signature === undefined) return refused('malformed');
  const bytes = fromBase64url(signature);
  if (bytes === undefined || !timingSafeEqual(bytes, mac(payload, key.key))) return refused('signature');
  const [streamId, tenant, principal, seq, , expiresAt, keyId] = JSON.parse(
    Buffer.from(payload, 'base64url').toString(),
  ) as readonly [string, string, string, number, string, number, string];
  if (keyId !== key.id) return refused('key');
  if (tenant !== bounded(caller.tenantId) || principal !== bounded(caller.principalId)) return refused('owner');
  return now < expiresAt ? { valid: true, streamId, seq } : refused('expired');
}

const refused = (reason: (ResumeReading & { readonly valid: false })['reason']): ResumeReading => ({
  valid: false,
  reason,
});

const mac = (payload: string, key: KeyObject): Buffer => createHmac('sha256', key).update(payload).digest();

/** `#` marks a digest, so a name that begins with it is always digested. */
function bounded(name: string): string {
  if (!name.startsWith('#') && Buffer.byteLength(JSON.stringify(name)) <= MAX_NAME_BYTES) return name;
  return `#${createHash('sha256').update(name).digest('base64url')}`;
}

const plain = (step: string): string => step.replaceAll(/[^A-Za-z0-9._-]/g, '').slice(0, MAX_STEP_LENGTH);
