import { AppError } from '#src/kernel/index.js';

/** What a store says that cannot answer. */
export const unavailable = (): AppError => new AppError('DEPENDENCY_UNAVAILABLE', 'The test took it away');
