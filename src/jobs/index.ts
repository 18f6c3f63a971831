export type { Job, JobEnd, JobHandler, NewJob } from './job.js';
export { JobsModule } from './jobs.module.js';
export { Jobs } from './jobs.service.js';
