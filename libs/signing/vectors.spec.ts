import { describe, expect, it } from '@jest/globals';
import * as signing from './index.js';
import { vectorResults } from './testing/vector-results.js';
import { readVectors } from './testing/vectors.js';

const vectors = readVectors(import.meta.dirname);
const results = vectorResults(signing, vectors);
const { hmac, rfc9421, message } = vectors;

describe('the canonical request', () => {
  it.each(hmac.signed)('$name', ({ name, canonical, signature }) => {
    expect(results[`signed: ${name}`]).toEqual({ canonical, signature });
  });
});

describe('a signed request is accepted', () => {
  it.each(hmac.accepted)('$name', ({ name }) => expect(results[`accepted: ${name}`]).toEqual({ ok: true }));
});

describe('a signed request is refused: it has', () => {
  it.each(hmac.refused)('$name', ({ name, reason, code }) => {
    expect(results[`refused: ${name}`]).toEqual({ ok: false, reason, code });
  });
});

describe('the signature base', () => {
  it.each(rfc9421)('$name', ({ name, base }) => expect(results[`rfc9421: ${name}`]).toEqual({ ok: true, base }));
});

describe('a message signature is accepted', () => {
  it.each(message.accepted)('$name', ({ name }) => {
    expect(results[`message accepted: ${name}`]).toEqual({ ok: true });
  });
});

describe('a message signature is refused: it has', () => {
  it.each(message.refused)('$name', ({ name, reason, code }) => {
    expect(results[`message refused: ${name}`]).toEqual({ ok: false, reason, code });
  });
});
