export { AnswerRecorder } from './answer-recorder.js';
export { IdempotencyGuard } from './idempotency.guard.js';
export { IdempotencyModule } from './idempotency.module.js';
export { announcedComeBack } from './repeatable-request.js';
export { ReplayFilter } from './replay.filter.js';
