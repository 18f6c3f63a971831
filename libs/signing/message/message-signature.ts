import { type Refused, refused } from '../fault.js';
import type { BareItem } from '../fields/bare-item.js';
import { type Dictionary, type InnerList, type Parameters, parseDictionary } from '../fields/dictionary.js';
import { isComponent } from './components.js';

/** One signature of RFC 9421, as its two headers describe it. */
export interface MessageSignature {
  /** What is covered, in order. */
  readonly components: readonly string[];
  /** All parameters, in order. */
  readonly parameters: ReadonlyMap<string, string | number>;
  /** Unix time of signing, s. */
  readonly created: number;
  /** Unix time from which it is void, s. */
  readonly expires: number | undefined;
  readonly nonce: string;
  readonly keyId: string;
  readonly algorithm: string | undefined;
  readonly signature: Uint8Array;
}

export type MessageReading = { readonly ok: true; readonly signature: MessageSignature } | Refused;

const KINDS: Readonly<Record<string, BareItem['kind']>> = {
  created: 'integer',
  expires: 'integer',
  nonce: 'string',
  alg: 'string',
  keyid: 'string',
  tag: 'string',
};

/** Long enough for 96 random bits, short enough to be remembered. */
const NONCE = /^.{16,128}$/;

/**
 * Reads the headers `Signature` and `Signature-Input` (RFC 9421 §4), before anybody knows the key. Exactly one signature,
 * which names when, with which key and under which nonce it was made.
 */
export function readMessageSignature(signature: string | undefined, input: string | undefined): MessageReading {
  if (signature === undefined || input === undefined) return refused('signature_missing');
  const signatures = parseDictionary(signature);
  const inputs = parseDictionary(input);
  if (signatures === undefined || inputs === undefined) return refused('signature_malformed');
  if (signatures.size === 0 || inputs.size === 0) return refused('signature_missing');
  if (signatures.size > 1 || inputs.size > 1) return refused('several_signatures');
  const bytes = bytesOf(signatures, inputs);
  const [list] = inputs.values();
  if (bytes === undefined || list?.kind !== 'list') return refused('signature_malformed');
  return read(list, bytes);
}

/** The bytes under the one label, when it is the same in both headers. */
function bytesOf(signatures: Dictionary, inputs: Dictionary): Uint8Array | undefined {
  const [label = ''] = inputs.keys();
  const member = signatures.get(label);
  if (member?.kind !== 'item' || member.value.kind !== 'bytes' || member.parameters.size > 0) return undefined;
  return member.value.value;
}

function read(list: InnerList, signature: Uint8Array): MessageReading {
  const components = componentsOf(list);
  if (components === undefined) return refused('component_unsupported');
  const parameters = parametersOf(list.parameters);
  if (parameters === undefined) return refused('parameter_unsupported');
  const [created, expires] = [numberOf(parameters, 'created'), numberOf(parameters, 'expires')];
  const [nonce, keyId] = [textOf(parameters, 'nonce'), textOf(parameters, 'keyid')];
  if (created === undefined || nonce === undefined) return refused('stamp_missing');
  if (created < 0 || !NONCE.test(nonce)) return refused('stamp_malformed');
  if (keyId === undefined) return refused('key_id_missing');
  const algorithm = textOf(parameters, 'alg');
  return {
    ok: true,
    signature: { components, parameters, created, expires, nonce, keyId, algorithm, signature },
  };
}

/** Names only: no component of ours has parameters, and each may be covered once (RFC 9421 §2.5). */
function componentsOf({ items }: InnerList): readonly string[] | undefined {
  const names = items.map(({ value, parameters }) =>
    value.kind === 'string' && parameters.size === 0 && isComponent(value.value) ? value.value : undefined,
  );
  const known = names.filter((name) => name !== undefined);
  return known.length === names.length && new Set(known).size === known.length ? known : undefined;
}

/** Those of RFC 9421 §2.3, each of its own kind; what a signer meant by others cannot be kept. */
function parametersOf(parameters: Parameters): ReadonlyMap<string, string | number> | undefined {
  const known = new Map<string, string | number>();
  for (const [name, { kind, value }] of parameters) {
    if (!Object.hasOwn(KINDS, name) || KINDS[name] !== kind) return undefined;
    if (typeof value !== 'string' && typeof value !== 'number') return undefined;
    known.set(name, value);
  }
  return known;
}

function numberOf(parameters: ReadonlyMap<string, string | number>, name: string): number | undefined {
  const value = parameters.get(name);
  return typeof value === 'number' ? value : undefined;
}

function textOf(parameters: ReadonlyMap<string, string | number>, name: string): string | undefined {
  const value = parameters.get(name);
  return typeof value === 'string' ? value : undefined;
}
