import { SystemClock } from '#src/kernel/index.js';
import { TestIssuer } from '../../support/test-issuer.ts';
import { AUTHORIZED, startEchoServer } from '../harness/countersign.ts';
import { echoOfBytes } from '../harness/echo-call.ts';
import { httpSlice } from '../harness/http-slice.ts';
import { interleave, type Slices } from '../harness/interleave.ts';
import type { Plan } from '../harness/plan.ts';
import { mustRefuse } from '../harness/refusal.ts';
import { type Call, repeated, SingleUse, withHeaders } from '../harness/requests.ts';
import type { Row, Verdict } from '../harness/row.ts';
import { SIGNER_ENV, signedCall } from '../harness/signed-call.ts';

const CALL = echoOfBytes(1_024);

const signed = (): Call => signedCall(CALL);
const bearing = (token: string): Call => withHeaders(CALL, { authorization: `Bearer ${token}` });

/** Not the last character: of that one, some bits mean nothing. */
const forged = (token: string): string => `${token.slice(0, -2)}${token.at(-2) === 'A' ? 'B' : 'A'}${token.at(-1)}`;

async function start(plan: Plan, issuer: TestIssuer): Promise<Slices> {
  const own = await startEchoServer({ plan, env: { ...SIGNER_ENV, ...issuer.env }, core: 'server' });
  await own.answers('/healthz');
  const token = issuer.token({ tenantId: 'default' });
  await mustRefuse(own, bearing(forged(token)), 'TOKEN_INVALID');
  await mustRefuse(own, { ...signed(), body: `${CALL.body} ` }, 'INVALID_SIGNATURE');
  return {
    'api key': await httpSlice(own, repeated(withHeaders(CALL, AUTHORIZED))),
    signed: await httpSlice(own, new SingleUse(signed)),
    jwt: await httpSlice(own, repeated(bearing(token))),
  };
}

/** What other credentials than an API key cost, on the same route with the same body. */
export const credentialsRow: Row = {
  id: 'Q4',
  title: 'A signature or a token instead of an API key',
  measure: async (plan) => {
    const issuer = await TestIssuer.open(new SystemClock());
    try {
      const runs = await interleave(plan, () => start(plan, issuer));
      const added = (variant: string, accept: number, aim: number): Verdict => ({
        label: `${variant}: CPU per request added to that of an API key`,
        value: runs.difference(variant, 'api key', 'cpu_us'),
        unit: 'µs',
        accept: { most: accept },
        aim: { most: aim },
      });
      return {
        medians: runs.medians(),
        verdicts: [added('signed', 25, 12), added('jwt', 10, 4)],
        notes: [
          'POST /bench/echo with 1,024 bytes, everything in memory. Each signed request has a nonce of its own; the token (RS256)',
          'was seen before. Keys of the issuer come over HTTP; a request with a changed byte was refused before.',
        ],
      };
    } finally {
      await issuer.close();
    }
  },
};
