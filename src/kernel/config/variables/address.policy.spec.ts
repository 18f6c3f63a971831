import { describe, expect, it } from '@jest/globals';
import { fastify } from 'fastify';
import { isOrigin, isProxyRange } from './address.policy.js';

/** What the server itself says of it. */
function isTakenByFastify(text: string): boolean {
  try {
    fastify({ trustProxy: [text] });
    return true;
  } catch {
    return false;
  }
}

describe('a proxy to trust', () => {
  it.each([
    'loopback',
    'linklocal',
    'uniquelocal',
    '10.0.0.1',
    '10.0.0.0/8',
    '::1',
    'fc00::/7',
    '2001:DB8::1',
    '::ffff:10.0.0.1',
    '::ffff:10.0.0.0/104',
  ])('is %s, and the server takes it', (text) => {
    expect([isProxyRange(text), isTakenByFastify(text)]).toEqual([true, true]);
  });

  it.each([
    'notanip',
    'example.com',
    'constructor',
    'Loopback',
    '10.0.0.0/33',
    '::1/129',
    '10.0.0.0/',
    '0.0.0.0/0',
    '::/0',
    '[::1]',
    '10.0.0.1:80',
    '1.2.3.4/0x8',
  ])('is not %s, which the server would not start with', (text) => {
    expect([isProxyRange(text), isTakenByFastify(text)]).toEqual([false, false]);
  });

  it.each(['010.0.0.1', '10.1', '0x0a000001'])('is not %s, which the server reads as another address', (text) => {
    expect([isProxyRange(text), isTakenByFastify(text)]).toEqual([false, true]);
  });
});

describe('an origin', () => {
  it.each([
    'https://app.example.com',
    'http://localhost:5173',
    'https://example.com:8443',
    'http://[::1]:3000',
    'capacitor://localhost',
  ])('is %s', (text) => {
    expect(isOrigin(text)).toBe(true);
  });

  it.each([
    ['everybody', '*'],
    ['a pattern', 'https://*.example.com'],
    ['no URL', 'nonsense'],
    ['a host alone', 'localhost:3000'],
    ['what pages without an origin send', 'null'],
    ['a page', 'https://example.com/app'],
    ['with a slash that no browser sends', 'https://example.com/'],
    ['with a query', 'https://example.com?a'],
    ['with a user', 'https://user@example.com'],
    ['with a port that no browser sends', 'https://example.com:443'],
    ['in capitals that no browser sends', 'https://Example.com'],
    ['in letters that no browser sends', 'https://exämple.com'],
    ['a file', 'file:///tmp/page.html'],
    ['two in one', 'https://a.test https://b.test'],
  ])('is not %s', (_what, text) => {
    expect(isOrigin(text)).toBe(false);
  });
});
