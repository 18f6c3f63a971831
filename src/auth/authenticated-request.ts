import type { EdgeRequest } from '#src/http/index.js';
import type { Nonce } from './nonce.js';
import type { Principal } from './principal.js';

/** A request behind the first of the global guards. */
export interface AuthenticatedRequest extends EdgeRequest {
  /** Absent on public routes. */
  principal?: Principal;
  /** Of a signed request; nobody passes the access guard who did not use it up. */
  nonce?: Nonce;
}
