import { AppError } from '#src/kernel/index.js';

/** The run of this stream was stopped because nobody read it: it can be run again, not read again. */
export class Abandoned extends AppError {
  constructor() {
    super('RESUME_UNAVAILABLE', 'The run was stopped when its last reader left');
  }
}
