import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { describe, expect, it } from '@jest/globals';

const main = join(import.meta.dirname, '../../dist/main.js');
const pretend = (version: string): string =>
  `data:text/javascript,Object.defineProperty(process, 'versions', { value: { node: '${version}' } })`;

describe('a start', () => {
  it('on an older Node.js ends at once, with one line that names the version found and the one needed', () => {
    // A service that starts all the same stops at its settings.
    const env = { PORT: 'none' };
    const args = ['--import', pretend('20.20.2'), main];
    const { status, stdout, stderr } = spawnSync(process.execPath, args, { encoding: 'utf8', env });
    expect([status, stdout]).toEqual([1, '']);
    expect(stderr).toMatch(/^Countersign needs Node\.js 24 or newer, and this is 20\.20\.2\.[^\n]*\n$/);
  });

  it('names everything that is wrong at once, whoever has to judge it, and shows no value', () => {
    const env = {
      ...{ PORT: 'planted', TRUSTED_PROXIES: 'planted', ALLOWED_ORIGINS: 'planted', SIGNING_KEY: 'planted' },
      ...{ ASSIST_API_KEYS: `${'planted-'.repeat(4)}@acme:wizard`, HMAC_ROLES: 'planted', TLS_CERT: '/planted' },
      ...{ PLANS_FILE: 'planted', MODELS_FILE: 'planted', REDACTION_FILE: 'planted' },
    };
    const { status, stdout, stderr } = spawnSync(process.execPath, [main], { encoding: 'utf8', env });
    expect([status, stdout]).toEqual([1, '']);
    expect(stderr.trim().split('\n')).toEqual([
      'Invalid environment:',
      '  - PORT (invalid_type)',
      expect.stringMatching(/^ {2}- ALLOWED_ORIGINS \(/),
      expect.stringMatching(/^ {2}- TRUSTED_PROXIES \(/),
      expect.stringMatching(/^ {2}- SIGNING_KEY \(/),
      '  - TLS_CERT, TLS_KEY (both or none)',
      '  - TLS_CERT (unreadable)',
      '  - ASSIST_API_KEYS (unknown role)',
      '  - HMAC_ROLES (unknown role)',
      '  - PLANS_FILE (unreadable)',
      '  - MODELS_FILE (unreadable)',
      '  - REDACTION_FILE (unreadable)',
    ]);
    expect(stderr).not.toContain('planted');
  });
});
