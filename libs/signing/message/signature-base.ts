import { type Refused, refused } from '../fault.js';
import { componentValue } from './components.js';
import type { HttpMessage } from './http-message.js';
import type { MessageSignature } from './message-signature.js';

/** What of a signature goes into its base. */
export type Covered = Pick<MessageSignature, 'components' | 'parameters'>;

export type SignatureBase = { readonly ok: true; readonly base: string } | Refused;

/** The bytes that are signed, as text (RFC 9421 §2.5). */
export function signatureBase(message: HttpMessage, covered: Covered): SignatureBase {
  const lines: string[] = [];
  for (const name of covered.components) {
    const value = componentValue(message, name);
    if (value === undefined) return refused('component_missing');
    lines.push(`"${name}": ${value}`);
  }
  lines.push(`"@signature-params": ${signatureParams(covered)}`);
  return { ok: true, base: lines.join('\n') };
}

/** The value of `Signature-Input` for this signature, in the one spelling RFC 9651 §4.1 gives it. */
export function signatureParams({ components, parameters }: Covered): string {
  const names = components.map((name) => `"${name}"`).join(' ');
  const written = [...parameters].map(([name, value]) => `;${name}=${bareItem(value)}`);
  return `(${names})${written.join('')}`;
}

const bareItem = (value: string | number): string =>
  typeof value === 'number' ? String(value) : `"${value.replace(/["\\]/g, '\\$&')}"`;
