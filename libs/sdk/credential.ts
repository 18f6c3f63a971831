import type { Time } from './platform.js';
import type { ClientOptions } from './settings.js';

/** One request exactly as it is about to be sent. */
export interface Outgoing {
  readonly method: string;
  readonly url: URL;
  readonly body: string | undefined;
}

/** The headers that prove who sends this request; asked again for every attempt. */
export type Credential = (request: Outgoing) => Promise<Readonly<Record<string, string>>>;

interface Surroundings {
  readonly headerPrefix: string;
  readonly time: Time;
}

/**
 * From the one credential among the options. Checked here, since `fetch` quotes a header it does not like in its error.
 *
 * @throws {TypeError} naming the option; never its value
 */
export function credentialOf(options: ClientOptions, surroundings: Surroundings): Credential {
  const { apiKey, hmacSecret, keyId } = options;
  if (hmacSecret === undefined) {
    if (keyId !== undefined) throw new TypeError('keyId goes with hmacSecret');
    return bearer(apiKey);
  }
  if (apiKey !== undefined) throw new TypeError('hmacSecret and apiKey exclude each other');
  if (typeof hmacSecret !== 'string' || hmacSecret === '') throw new TypeError('hmacSecret must not be empty');
  if (keyId !== undefined && !/^[A-Za-z0-9._-]{1,64}$/.test(keyId))
    throw new TypeError('keyId must be the id of a key');
  return signer(hmacSecret, keyId, surroundings);
}

function bearer(apiKey: string | undefined): Credential {
  if (typeof apiKey !== 'string' || !/^[\x21-\x7e]+$/.test(apiKey)) {
    throw new TypeError('apiKey must be visible ASCII characters');
  }
  return async () => ({ authorization: `Bearer ${apiKey}` });
}

/** The library is loaded where it is used: it needs Node, and a secret that signs does not belong into a browser. */
function signer(secret: string, keyId: string | undefined, { headerPrefix, time }: Surroundings): Credential {
  return async ({ method, url, body }) => {
    const { generateNonce, sign } = await import('#libs/signing/index.js');
    const stamp = { timestamp: time.now(), nonce: generateNonce() };
    return {
      [`${headerPrefix}-Signature`]: sign({ method, target: `${url.pathname}${url.search}`, body }, secret, stamp),
      [`${headerPrefix}-Timestamp`]: String(stamp.timestamp),
      [`${headerPrefix}-Nonce`]: stamp.nonce,
      ...(keyId === undefined ? {} : { [`${headerPrefix}-Key-Id`]: keyId }),
    };
  };
}
