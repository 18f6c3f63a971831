import type { RedactionKind, RedactionMode } from '../kinds.js';
import { isSecretName } from '../secrets/secret-names.js';

/** Names whose value is personal whatever it looks like, in small letters without `_` and `-`. */
const PERSONAL: ReadonlyMap<string, RedactionKind> = new Map([
  ...kinds('date_of_birth', 'dateofbirth dob birthdate birthday birthdt geburtsdatum datedenaissance fechanacimiento'),
  ...kinds('us_ssn', 'ssn socialsecuritynumber socialsecurity'),
  ...kinds(
    'identity_number',
    'passport passportnumber passportno nationalid idnumber taxid driverslicense driverlicense licensenumber',
  ),
  ...kinds('street_address', 'streetaddress street addressline1 addressline2 postaladdress homeaddress'),
  ...kinds('phone', 'phone phonenumber telephone mobile mobilenumber fax'),
  ...kinds('email', 'email emailaddress'),
]);

function kinds(kind: RedactionKind, names: string): [string, RedactionKind][] {
  return names.split(' ').map((name) => [name, kind]);
}

/** What the value of a member is by the member's name alone; `undefined` when its text has to be looked at. */
export function kindOfName(name: string, mode: RedactionMode): RedactionKind | undefined {
  if (name === '') return undefined;
  if (isSecretName(name)) return 'secret';
  return mode === 'strict' ? PERSONAL.get(name.toLowerCase().replaceAll(/[_\-. ]/g, '')) : undefined;
}
