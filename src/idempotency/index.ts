export { AnswerRecorder } from './answer-recorder.js';
export { comeBackMs } from './come-back.policy.js';
export { IdempotencyGuard } from './idempotency.guard.js';
export { IdempotencyModule } from './idempotency.module.js';
export type { RepeatRequest } from './repeat-request.policy.js';
export { announcedRepeat } from './repeatable-request.js';
export { ReplayFilter } from './replay.filter.js';
