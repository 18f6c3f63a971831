import { describe, expect, it } from '@jest/globals';
import { ConfigError, Secret } from '#src/kernel/index.js';
import { readRoles } from './adapters/roles-file.js';
import { BootstrapKeys, digestOf } from './bootstrap-keys.js';

const roles = readRoles();
const SECRET = 'k7Jq2mZr9Xw4Tn6Vb8Lc3Hd5Fg1Sy0Pa';
const from = (...entries: string[]) =>
  new BootstrapKeys(
    entries.map((entry) => new Secret(entry)),
    roles,
  );

describe('a bootstrap key', () => {
  it('belongs to tenant default with role user when nothing else is said', () => {
    expect(from(SECRET).find(digestOf(SECRET))).toMatchObject({
      tenantId: 'default',
      roles: ['user'],
      method: 'api_key',
    });
  });

  it('has the roles of a user when only the tenant is named', () => {
    expect(from(`${SECRET}@acme`).find(digestOf(SECRET))).toMatchObject({ tenantId: 'acme', roles: ['user'] });
  });

  it('has the named roles, each once', () => {
    const principal = from(`${SECRET}@acme:admin+auditor+admin`).find(digestOf(SECRET));
    expect(principal?.roles).toEqual(['admin', 'auditor']);
    expect(principal?.scopes.has('keys:manage')).toBe(true);
  });

  it('has a public id that is stable and carries none of its characters', () => {
    const first = from(SECRET).find(digestOf(SECRET));
    const second = from(`${SECRET}@acme:admin`).find(digestOf(SECRET));
    expect(first?.id).toMatch(/^key_boot_[0-9a-f]{16}$/);
    expect(second?.id).toBe(first?.id);
    expect(digestOf(SECRET)).not.toContain(first?.id.slice('key_boot_'.length));
  });

  it('is presented without tenant and roles', () => {
    const entry = `${SECRET}@acme:admin`;
    expect(from(entry).find(digestOf(entry))).toBeUndefined();
  });

  it('is not found by a part of it', () => {
    expect(from(SECRET).find(digestOf(SECRET.slice(0, -1)))).toBeUndefined();
  });
});

describe('the start fails', () => {
  it.each([
    ['for a role that does not exist', [`${SECRET}@acme:admin+root`], 'ASSIST_API_KEYS (unknown role)'],
    ['for a secret that would be read as a token', [`aaaaaaaaaaaa.bbbbbbbbbbbb.cccccccccccc`], 'looks like a JWT'],
    ['for one secret of two tenants', [`${SECRET}@acme`, `${SECRET}@globex`], 'ASSIST_API_KEYS (secret listed twice)'],
  ])('%s', (_title, entries, message) => {
    expect(() => from(...entries)).toThrow(ConfigError);
    expect(() => from(...entries)).toThrow(message);
  });

  it('without showing a secret', () => {
    expect(() => from(`${SECRET}@acme:root`)).toThrow(
      expect.not.objectContaining({ message: expect.stringContaining(SECRET) }),
    );
  });
});
