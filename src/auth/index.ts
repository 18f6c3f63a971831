export { Public, RequireScope } from './access.decorator.js';
export { AccessGuard } from './access.guard.js';
export { NodePrivateFiles } from './adapters/node-private-files.js';
export { AuthModule } from './auth.module.js';
export { Caller } from './caller.decorator.js';
export { completeConfig } from './local-credentials.js';
export type { Principal } from './principal.js';
