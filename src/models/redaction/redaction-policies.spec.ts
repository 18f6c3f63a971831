import { describe, expect, it } from '@jest/globals';
import { ConfigError, parseConfigFile } from '#src/kernel/index.js';
import { RedactionPolicies } from './redaction-policies.js';
import { RedactionFile } from './redaction-policy.schema.js';

const NAME = 'config/redaction.yaml';
const read = (text: string) => new RedactionPolicies(parseConfigFile(NAME, RedactionFile, text));

const faultsOf = (text: string): readonly string[] => {
  try {
    read(text);
    return [];
  } catch (error) {
    return error instanceof ConfigError ? error.faults : ['another error'];
  }
};

describe('policies of redaction', () => {
  it('are the default, where a tenant has none of its own', () => {
    const policies = read('default: { direction: outbound, mode: strict }\ntenants: {}');
    expect(policies.of('acme')).toEqual({ direction: 'outbound', mode: 'strict' });
    expect(policies.of('constructor')).toEqual({ direction: 'outbound', mode: 'strict' });
  });

  it('differ from it in what a tenant names', () => {
    const policies = read(`
      default: { direction: off, mode: standard }
      tenants:
        acme: { direction: both }
        clinic: { mode: strict }
    `);
    expect(policies.of('acme')).toEqual({ direction: 'both', mode: 'standard' });
    expect(policies.of('clinic')).toEqual({ direction: 'off', mode: 'strict' });
    expect(policies.of('globex')).toEqual({ direction: 'off', mode: 'standard' });
  });

  it.each([
    ['a direction that does not exist', 'default: { direction: sideways, mode: standard }\ntenants: {}'],
    ['a misspelt name', 'default: { direction: off, mode: standard }\ntenants: { acme: { directon: both } }'],
    ['no default', 'tenants: {}'],
    ['no YAML', 'default: {'],
  ])('are refused with %s', (_what, text) => {
    expect(faultsOf(text)).not.toEqual([]);
    expect(faultsOf(text).join()).toContain(NAME);
  });
});
