export { AuditModule } from './audit.module.js';
export { KeySet, PublicJwk } from './public-jwk.schema.js';
export { SigningKeys } from './signing-keys.service.js';
