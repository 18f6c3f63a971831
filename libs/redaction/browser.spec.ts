import { join } from 'node:path';
import { createContext, runInContext } from 'node:vm';
import { expect, it } from '@jest/globals';
import { build } from 'esbuild';

it('the library runs where there is nothing but the language and TextEncoder', async () => {
  const { outputFiles } = await build({
    entryPoints: [join(import.meta.dirname, 'index.ts')],
    bundle: true,
    write: false,
    platform: 'browser',
    format: 'iife',
    globalName: 'redaction',
  });
  // Arrays of the same realm as the encoder, which checks them.
  const context = createContext({ TextEncoder, Uint8Array });
  runInContext(outputFiles[0]?.text ?? '', context);
  const script = `redaction.createRedactor({ mode: 'strict' }).redact('${'x '.repeat(100)} a@b.co').text`;
  expect(runInContext(script, context)).toContain('[redacted:email]');
});
