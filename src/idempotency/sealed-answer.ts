import { randomBytes } from 'node:crypto';
import { openBytes, sealBytes } from '#src/kernel/index.js';
import { type Answer, decodeAnswer, encodeAnswer } from './answer.policy.js';
import type { Recording } from './execution.js';

/** An answer as it is stored: whoever can read the store cannot read it. */
export const sealAnswer = (answer: Answer, { held, records, sealingKey }: Recording): Uint8Array =>
  sealBytes(encodeAnswer(answer, records.maxBodyBytes), { key: sealingKey, owner: held.name.id }, randomBytes);

/** `undefined` when it was not sealed under this request. */
export function openAnswer(sealed: Uint8Array, { held, sealingKey }: Recording): Answer | undefined {
  const bytes = openBytes(sealed, { key: sealingKey, owner: held.name.id });
  return bytes === undefined ? undefined : decodeAnswer(bytes);
}
