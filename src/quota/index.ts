export { planRules } from './adapters/plans-file.js';
export { FloodGuard } from './flood.guard.js';
export { QuotaGuard } from './quota.guard.js';
export { QuotaModule } from './quota.module.js';
export { QuotaCounts } from './quota-counts.js';
export { TokenLedger } from './tokens/token-ledger.service.js';
