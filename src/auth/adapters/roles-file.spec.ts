import { describe, expect, it } from '@jest/globals';
import { ConfigError } from '#src/kernel/index.js';
import { parseRoles, readRoles } from './roles-file.js';

const complete = (user: string) =>
  `roles:\n  user: ${user}\n${['reviewer', 'approver', 'auditor', 'admin'].map((role) => `  ${role}: [a:b]\n`).join('')}`;

describe('config/roles.yaml', () => {
  const roles = readRoles();

  it('lets only admins manage keys', () => {
    expect(roles.scopesOf(['user', 'reviewer', 'approver', 'auditor']).has('keys:manage')).toBe(false);
    expect(roles.scopesOf(['admin']).has('keys:manage')).toBe(true);
  });

  it('grants nothing to nobody', () => {
    expect(roles.scopesOf([]).size).toBe(0);
  });

  it('lets admins do whatever some role may do', () => {
    expect([...roles.scopesOf(['admin'])].sort()).toEqual(roles.allScopes());
  });
});

describe('parseRoles', () => {
  it('joins the scopes of several roles', () => {
    expect(parseRoles(complete('[c:d]')).scopesOf(['user', 'admin'])).toEqual(new Set(['c:d', 'a:b']));
  });

  it.each([
    ['a missing role', 'roles:\n  user: [a:b]\n'],
    ['an unknown role', `${complete('[a:b]')}  root: [a:b]\n`],
    ['a role without scopes', complete('[]')],
    ['a scope that is no noun:verb', complete('["*"]')],
    ['a text that is no YAML', 'roles: [\n'],
    ['an empty file', ''],
  ])('refuses %s and names the file', (_title, text) => {
    expect(() => parseRoles(text)).toThrow(ConfigError);
    expect(() => parseRoles(text)).toThrow('config/roles.yaml');
  });
});
