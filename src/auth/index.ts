export { Public, RequireScope } from './access.decorator.js';
export { AccessGuard, type AuthenticatedRequest } from './access.guard.js';
export { NodePrivateFiles } from './adapters/node-private-files.js';
export { AuthModule } from './auth.module.js';
export { Caller } from './caller.decorator.js';
export { TrustedIssuers } from './jwt/trusted-issuers.js';
export { completeConfig } from './local-credentials.js';
export type { Principal } from './principal.js';
