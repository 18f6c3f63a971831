import { createHash, type KeyObject } from 'node:crypto';
import { sealingKey } from '#src/kernel/index.js';

/** A call as far as its answer depends on it. */
export interface Question {
  readonly kind: string;
  readonly tenantId: string;
  /** Who would answer, and under which rules: whatever a request does not say itself. */
  readonly setting: unknown;
  /** As the model sees it. */
  readonly request: object;
}

/** Under which name an answer is kept, and the key it is sealed with: whoever asks again has it, the store has not. */
export interface QuestionName {
  readonly tenantId: string;
  /** Hex SHA-256 of the whole question. */
  readonly id: string;
  readonly sealingKey: KeyObject;
}

/** Changes when answers are kept in another form. */
const FORM = 1;
const SEAL_PURPOSE = 'countersign cached answers';

export function nameOf(question: Question): QuestionName {
  const text = Buffer.from(canonical(question));
  return {
    tenantId: question.tenantId,
    id: createHash('sha256').update(text).digest('hex'),
    sealingKey: sealingKey(text, SEAL_PURPOSE),
  };
}

/** The order of a request's own members does not matter; inside them it does, because the model sees it. */
function canonical({ kind, tenantId, setting, request }: Question): string {
  const members = Object.entries(request)
    .filter(([, value]) => value !== undefined)
    .sort(([a], [b]) => (a < b ? -1 : 1));
  return JSON.stringify([FORM, kind, tenantId, setting, members]);
}
