/** Ends of names whose value is a secret, in small letters without `_` and `-`. */
const SECRET_ENDINGS = [
  'password',
  'passwd',
  'passwort',
  'passphrase',
  'pwd',
  'secret',
  'apikey',
  'accesskey',
  'secretkey',
  'privatekey',
  'signingkey',
  'encryptionkey',
  'authtoken',
  'accesstoken',
  'refreshtoken',
  'sessiontoken',
  'bearertoken',
  'idtoken',
  'credentials',
  'authorization',
];

const LAST_TWO = new Set(
  SECRET_ENDINGS.map((ending) => ending.charCodeAt(ending.length - 2) * 256 + ending.charCodeAt(ending.length - 1)),
);

/** A first look at the last two units of a name, in small letters: most names do not pass it. */
export const mayEndSecretName = (first: number, second: number): boolean => LAST_TWO.has(first * 256 + second);

/** Whether a name (`clientSecret`, `AWS_SECRET_ACCESS_KEY`, `x-api-key`) announces a secret. */
export function isSecretName(name: string): boolean {
  const plain = name.toLowerCase().replaceAll(/[_\-. ]/g, '');
  return SECRET_ENDINGS.some((ending) => plain.endsWith(ending));
}
