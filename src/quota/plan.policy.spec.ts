import { describe, expect, it } from '@jest/globals';
import { ConfigError, parseConfigFile } from '#src/kernel/index.js';
import { plansOf } from './plan.policy.js';
import { PlansFile } from './plan.schema.js';
import { Plans } from './plans.js';

const NAME = 'config/plans.yaml';
const LIMITS = { RATE_LIMIT_RPM: 120, SSE_RATE_LIMIT_RPM: 20, TOKEN_LIMIT_PER_DAY: 5_000 };
const parse = (text: string) => parseConfigFile(NAME, PlansFile, text);
const plans = (text: string, limits = {}) => new Plans(plansOf(parse(text), { ...LIMITS, ...limits }));

const TEAM = `
plans:
  team:
    standard: { rpm: 600, burst: 100, tenant_rpm: 3000 }
tenants:
  acme: team
`;

describe('a plan', () => {
  it('is the environment for a tenant that has no other', () => {
    expect(plans('plans: {}\ntenants: {}').of('acme')).toEqual({
      standard: { principal: { rpm: 120, burst: 120 }, tenant: { rpm: 1_200, burst: 1_200 } },
      stream: { principal: { rpm: 20, burst: 20 }, tenant: { rpm: 200, burst: 200 } },
      tokens: { principal: 5_000, tenant: 50_000 },
    });
  });

  it('replaces what it names, for the tenants that have it', () => {
    const read = plans(TEAM);
    expect(read.of('acme')).toEqual({
      standard: { principal: { rpm: 600, burst: 100 }, tenant: { rpm: 3_000, burst: 500 } },
      stream: { principal: { rpm: 20, burst: 20 }, tenant: { rpm: 200, burst: 200 } },
      tokens: { principal: 5_000, tenant: 50_000 },
    });
    expect(read.of('globex').standard.principal.rpm).toBe(120);
  });

  it.each(['__proto__', 'constructor', 'toString'])('of a tenant called %s is the usual one', (tenant) => {
    expect(plans(TEAM).of(tenant).standard.principal.rpm).toBe(120);
  });

  it('limits model tokens of a principal and of its tenant', () => {
    const read = plans(
      'plans: { x: { tokens: { per_day: 70 } }, y: { tokens: { tenant_per_day: 9 } } }\ntenants: { acme: x, globex: y }',
    );
    expect([read.of('acme').tokens, read.of('globex').tokens]).toEqual([
      { principal: 70, tenant: 700 },
      { principal: 5_000, tenant: 9 },
    ]);
  });

  it('limits money where the environment or the plan says so, of a principal and of its tenant', () => {
    const text =
      'plans: { x: { cost: { per_day: 2.5 } }, y: { cost: { tenant_per_day: "9" } } }\ntenants: { acme: x, globex: y }';
    const read = plans(text);
    expect([read.of('acme').cost, read.of('globex').cost, read.of('other').cost]).toEqual([
      { principal: 2_500_000_000, tenant: 25_000_000_000 },
      { principal: 9_000_000_000, tenant: 9_000_000_000 },
      undefined,
    ]);
    const usual = plans(text, { COST_LIMIT_PER_DAY: 1e15 });
    expect([usual.of('globex').cost, usual.of('other').cost]).toEqual([
      { principal: 1e15, tenant: 9_000_000_000 },
      { principal: 1e15, tenant: 1e15 },
    ]);
  });

  it('lets one principal send its burst, however little its tenant may send', () => {
    const { standard } = plans('plans: { x: { standard: { tenant_rpm: 1 } } }\ntenants: { acme: x }').of('acme');
    expect(standard.tenant).toEqual({ rpm: 1, burst: 120 });
  });

  it('keeps to whole numbers at the largest limits', () => {
    const { tenant } = plans('plans: {}\ntenants: {}', { RATE_LIMIT_RPM: 1, RATE_LIMIT_BURST: 100_000_000 }).of(
      'acme',
    ).standard;
    expect(Number.isSafeInteger(tenant.burst * 60_000)).toBe(true);
  });

  it.each([
    ['a plan that nobody wrote', 'plans: {}\ntenants: { acme: gold }'],
    ['a limit of nothing', 'plans: { x: { standard: { rpm: 0 } } }\ntenants: {}'],
    ['half a request', 'plans: { x: { stream: { rpm: 1.5 } } }\ntenants: {}'],
    ['an unknown class', 'plans: { x: { streams: { rpm: 1 } } }\ntenants: {}'],
    ['a part of a token', 'plans: { x: { tokens: { per_day: 0.5 } } }\ntenants: {}'],
    ['money below nothing', 'plans: { x: { cost: { per_day: -1 } } }\ntenants: {}'],
    ['a part of a nanodollar', 'plans: { x: { cost: { per_day: 0.0000000001 } } }\ntenants: {}'],
    ['an unknown member', 'plans: { x: { standard: { rps: 1 } } }\ntenants: {}'],
    ['an empty file', ''],
  ])('is refused, naming the file: %s', (_title, text) => {
    expect(() => parse(text)).toThrow(ConfigError);
    expect(() => parse(text)).toThrow(NAME);
  });
});
