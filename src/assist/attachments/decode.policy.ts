import type { IssueCode } from '../issue.schema.js';

/** Bytes or text as far as they are what they claim to be. */
export type Decoded<T> = { readonly ok: true; readonly value: T } | { readonly ok: false; readonly code: IssueCode };

const BASE64 = /^[A-Za-z0-9+/]*={0,2}$/;

/** RFC 4648 §4, canonical: padded, no white space, no stray bits. Anything else is broken, not guessed at. */
export function decodeBase64(text: string): Decoded<Uint8Array> {
  const bytes = BASE64.test(text) && text.length % 4 === 0 ? Buffer.from(text, 'base64') : undefined;
  if (bytes?.toString('base64') !== text) return { ok: false, code: 'attachment_invalid_base64' };
  return { ok: true, value: bytes };
}

/** Text of a file: UTF-8, or UTF-16 when a byte order mark says so. The mark is dropped, everything else is kept. */
export function decodeText(bytes: Uint8Array): Decoded<string> {
  const text = strictly(encodingOf(bytes), bytes);
  if (text === undefined) return { ok: false, code: 'attachment_not_utf8' };
  if (text.includes('\0')) return { ok: false, code: 'attachment_not_text' };
  return text.trim() === '' ? { ok: false, code: 'attachment_empty' } : { ok: true, value: text };
}

function encodingOf([first, second]: Uint8Array): string {
  if (first === 0xff && second === 0xfe) return 'utf-16le';
  if (first === 0xfe && second === 0xff) return 'utf-16be';
  return 'utf-8';
}

function strictly(encoding: string, bytes: Uint8Array): string | undefined {
  try {
    return new TextDecoder(encoding, { fatal: true }).decode(bytes);
  } catch {
    return undefined;
  }
}
