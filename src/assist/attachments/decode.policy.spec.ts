import { describe, expect, it } from '@jest/globals';
import { decodeBase64, decodeText } from './decode.policy.js';

describe('decodeBase64', () => {
  it.each([
    ['nothing', '', ''],
    ['one byte', 'YQ==', 'a'],
    ['two bytes', 'YWI=', 'ab'],
    ['three bytes', 'YWJj', 'abc'],
  ])('reads %s', (_what, text, expected) => {
    const decoded = decodeBase64(text);
    expect(decoded.ok && Buffer.from(decoded.value).toString()).toBe(expected);
  });

  it.each([
    ['without its padding', 'YQ'],
    ['with stray bits behind the last byte', 'YR=='],
    ['with a line break', 'YWJj\n'],
    ['in the alphabet for addresses', '-_-_'],
    ['with padding in the middle', 'YQ==YQ=='],
    ['behind a data address', 'data:text/plain;base64,YWJj'],
    ['that is prose', 'not base64!'],
  ])('refuses base64 %s', (_what, text) => {
    expect(decodeBase64(text)).toEqual({ ok: false, code: 'attachment_invalid_base64' });
  });
});

describe('decodeText', () => {
  it.each([
    ['UTF-8', Buffer.from('grün\r\n'), 'grün\r\n'],
    ['UTF-8 behind a byte order mark', Buffer.from('\ufeffgrün'), 'grün'],
    ['UTF-16 that says so', Buffer.from('\ufeffgrün', 'utf16le'), 'grün'],
    ['big-endian UTF-16 that says so', Buffer.from('\ufeffgrün', 'utf16le').swap16(), 'grün'],
  ])('keeps the words of %s', (_what, bytes, expected) => {
    expect(decodeText(bytes)).toEqual({ ok: true, value: expected });
  });

  it.each([
    ['another encoding', Buffer.from('grün', 'latin1'), 'attachment_not_utf8'],
    ['a character that is cut', Buffer.from('grü').subarray(0, 3), 'attachment_not_utf8'],
    ['zero bytes', Buffer.from('a\0b'), 'attachment_not_text'],
    ['white space alone', Buffer.from(' \n\t'), 'attachment_empty'],
  ])('refuses %s', (_what, bytes, code) => {
    expect(decodeText(bytes)).toEqual({ ok: false, code });
  });
});
