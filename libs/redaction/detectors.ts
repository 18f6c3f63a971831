import type { RedactionMode } from './kinds.js';
import { creditCard } from './numbers/credit-card.js';
import { iban } from './numbers/iban.js';
import { ipV4 } from './numbers/ip-v4.js';
import { numberDetector } from './numbers/number-rule.js';
import { nationalPhone, phone } from './numbers/phone.js';
import { usSsn } from './numbers/us-ssn.js';
import { Triggers } from './scan/triggers.js';
import { apiKeys, ownKey } from './secrets/api-key.js';
import { bearerToken } from './secrets/bearer-token.js';
import { jwt } from './secrets/jwt.js';
import { anySecret, longSecret } from './secrets/named-secret.js';
import { privateKey } from './secrets/private-key.js';
import { urlPassword } from './secrets/url-password.js';
import { birthDate } from './strict/birth-date.js';
import { coordinates } from './strict/coordinates.js';
import { identityNumber } from './strict/identity-number.js';
import { macAddress } from './strict/mac-address.js';
import { streetAddress } from './strict/street-address.js';
import { emails } from './tokens/email.js';
import { ipV6 } from './tokens/ip-v6.js';

/** At one place the first detector that finds something wins: the more certain one stands first. */
const STANDARD = new Triggers([
  privateKey,
  ownKey,
  ...apiKeys,
  jwt,
  bearerToken,
  urlPassword,
  longSecret,
  ...emails,
  ipV6,
  iban,
  numberDetector([ipV4, creditCard, usSsn, phone]),
]);

const STRICT = new Triggers([
  privateKey,
  ownKey,
  ...apiKeys,
  jwt,
  bearerToken,
  urlPassword,
  anySecret,
  ...emails,
  ipV6,
  macAddress,
  iban,
  coordinates,
  numberDetector([ipV4, creditCard, birthDate, usSsn, phone, nationalPhone]),
  identityNumber,
  streetAddress,
]);

const TRIGGERS: Readonly<Record<RedactionMode, Triggers>> = { standard: STANDARD, strict: STRICT };

export const triggersOf = (mode: RedactionMode): Triggers => TRIGGERS[mode];
