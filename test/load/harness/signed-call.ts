import { SECRET, signedRequest } from '../../support/signed-request.ts';
import { type Call, withHeaders } from './requests.ts';

/** Makes the service accept what {@link signedCall} signs, for the tenant and with the scopes of the bench's API key. */
export const SIGNER_ENV = { HMAC_SECRET: SECRET, HMAC_TENANT: 'default', HMAC_ROLES: 'user,auditor,admin' } as const;

/** The call as somebody with the shared secret sends it now: good for one time. */
export function signedCall(call: Call): Call {
  const { method, path, body } = call;
  const { headers } = signedRequest({ method, target: path, body, timestamp: Date.now() });
  return withHeaders(call, Object.fromEntries(headers));
}
