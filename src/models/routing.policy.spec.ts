import { describe, expect, it } from '@jest/globals';
import { ConfigError, parseConfigFile } from '#src/kernel/index.js';
import { readModelsFile } from './adapters/models-file.js';
import { modelsFile } from './models-file.schema.js';
import { NO_ROUTES, RouteTable } from './route-table.js';
import { choices, priced } from './routing.policy.js';

const first = {
  name: 'first',
  models: [
    { id: 'a', kind: 'text', provider: 'first' },
    { id: 'e', kind: 'embedding', provider: 'first' },
  ],
} as const;
const second = { name: 'second', models: [{ id: 'b', kind: 'text', provider: 'second' }] } as const;

const NAME = 'config/models.yaml';
const parse = (text: string) =>
  parseConfigFile(NAME, modelsFile(['first', 'second', 'third'], ['first', 'second']), text);
const table = (text: string) => new RouteTable(parse(text));

describe('without a route', () => {
  it.each([
    ['no model takes everyone of the kind, in order', 'text', undefined, [first, second]],
    ['no model leaves out who has none of the kind', 'embedding', undefined, [first]],
    ['a named model takes only who serves it', 'text', 'b', [second]],
    ['a model of the other kind is nobody', 'text', 'e', []],
    ['an unknown model is nobody', 'text', 'zzz', []],
  ] as const)('%s', (_title, kind, model, expected) => {
    const chosen = choices([first, second], NO_ROUTES, kind, model);
    expect(chosen.map(({ offer }) => offer)).toEqual(expected);
    expect(chosen.map((choice) => choice.model)).toEqual(expected.map(() => model));
  });
});

const ROUTES = `
routes:
  text:
    house: [{ provider: second, model: b-large }, { provider: first, model: a }]
    a: [{ provider: second, model: b }]
  embedding:
    meaning: [{ provider: first, model: e-3 }]
prices:
  first: { a: { input: 0.25, output: '2' } }
  second: { '*': { input: 1, output: 3 }, b-large: { input: 10, output: 30 } }
`;

describe('a route', () => {
  const routed = table(ROUTES);
  const asked = (kind: 'text' | 'embedding', model: string | undefined) =>
    choices([first, second], routed, kind, model).map(({ offer, model: name, price }) => [offer.name, name, price]);

  it('asks its providers in its own order, each by the name it has for the model', () => {
    expect(asked('text', 'house')).toEqual([
      ['second', 'b-large', { input: 10_000_000, output: 30_000_000 }],
      ['first', 'a', { input: 250_000, output: 2_000_000 }],
    ]);
    expect(asked('embedding', 'meaning')).toEqual([['first', 'e-3', undefined]]);
  });

  it('stands before a model of the same name', () => {
    expect(asked('text', 'a')).toEqual([['second', 'b', { input: 1_000_000, output: 3_000_000 }]]);
  });

  it('of another kind is nobody', () => {
    expect(asked('embedding', 'house')).toEqual([]);
  });

  it.each(['__proto__', 'constructor', 'toString'])('called %s is nobody unless somebody wrote it', (name) => {
    expect(asked('text', name)).toEqual([]);
    expect(routed.price(name, name)).toBe(undefined);
  });

  it('is a model that callers see', () => {
    expect(routed.cards).toEqual([
      { id: 'house', kind: 'text', provider: 'second' },
      { id: 'a', kind: 'text', provider: 'second' },
      { id: 'meaning', kind: 'embedding', provider: 'first' },
    ]);
  });
});

describe('a route of all names that begin alike', () => {
  const routed = table(`
routes:
  text:
    '*': [{ provider: first }]
    'b*': [{ provider: second, model: b-large }]
    'b-x*': [{ provider: second }, { provider: first, model: a }]
    b-exact: [{ provider: first }]
prices:
  second: { b-x1: { input: 1 } }
`);
  const asked = (model: string | undefined, kind: 'text' | 'embedding' = 'text') =>
    choices([first, second], routed, kind, model).map(({ offer, model: name, open }) => [offer.name, name, open]);

  it.each([
    ['takes any other name as it is', 'whatever', [['first', 'whatever', true]]],
    ['of the longer beginning stands before it', 'b2', [['second', 'b-large', undefined]]],
    [
      'asks one provider for the name and another for its own',
      'b-x1',
      [
        ['second', 'b-x1', true],
        ['first', 'a', undefined],
      ],
    ],
    ['stands behind a name that is written out', 'b-exact', [['first', 'b-exact', undefined]]],
    ['stands behind a model that somebody serves', 'b', [['second', 'b', undefined]]],
    [
      'leaves it to the order of the providers when no model is named',
      undefined,
      [
        ['first', undefined, undefined],
        ['second', undefined, undefined],
      ],
    ],
  ] as const)('%s', (_title, model, expected) => {
    expect(asked(model)).toEqual(expected);
  });

  it('is no model that callers see, and is of its kind alone', () => {
    expect(routed.cards.map(({ id }) => id)).toEqual(['b-exact']);
    expect(asked('whatever', 'embedding')).toEqual([]);
  });

  it('costs what its provider takes for the name', () => {
    const costs = choices([first, second], routed, 'text', 'b-x1').map(({ price }) => price?.input);
    expect(costs).toEqual([1_000_000, undefined]);
  });
});

describe('a price', () => {
  it('is that of the model a provider takes when none is named', () => {
    expect(choices([first], table(ROUTES), 'text', undefined)[0]?.price).toEqual({ input: 250_000, output: 2_000_000 });
  });

  it('that must be known leaves out the choices without one, unless there are no others', () => {
    const both = choices([first, second], table('prices: { second: { b: { input: 1 } } }'), 'text', undefined);
    expect(priced(both, false)).toEqual(both);
    expect(priced(both, true).map(({ offer }) => offer.name)).toEqual(['second']);
    expect(priced(both.slice(0, 1), true)).toEqual(both.slice(0, 1));
  });
});

describe('the file of routes and prices', () => {
  it('is a ConfigError that names every fault at once', () => {
    const text = `
routes:
  text:
    x: [{ provider: third, model: a }, { provider: nobody, model: a }]
    y: [{ provider: first, model: a }]
  embedding:
    y: [{ provider: first, model: e }]
prices:
  frist: { a: { input: 1 } }
`;
    const faults = [
      'routes.text.x.0.provider (not in MODEL_PROVIDERS)',
      'routes.text.x.1.provider (not in MODEL_PROVIDERS)',
      'routes.embedding.y (a text model has this name)',
      'prices.frist (no such provider)',
    ];
    expect(() => parse(text)).toThrow(new ConfigError(faults.map((fault) => `${NAME} ${fault}`)));
  });

  it('is the one of the package unless MODELS_FILE names another, which must be there', () => {
    const read = (path: string | undefined) =>
      new RouteTable(readModelsFile({ MODEL_PROVIDERS: ['embedded'], MODELS_FILE: path }));
    expect(read(undefined).price('embedded', 'countersign-embedded-1')).toEqual({ input: 0, output: 0 });
    expect(() => read('nowhere/models.yaml')).toThrow(new ConfigError(['nowhere/models.yaml (unreadable)']));
    const faults = ['test/support/priced-models.yaml routes.text.house-model.0.provider (not in MODEL_PROVIDERS)'];
    expect(() => read('test/support/priced-models.yaml')).toThrow(new ConfigError(faults));
  });

  it.each([
    ['a chain without a link', 'routes: { text: { x: [] } }'],
    ['a chain of another kind', 'routes: { image: { x: [{ provider: first, model: a }] } }'],
    ['a link without a provider', 'routes: { text: { x: [{ model: a }] } }'],
    ['a beginning with two ends', 'routes: { text: { "a*b*": [{ provider: first }] } }'],
    ['an endpoint that is nowhere', 'endpoints: { vllm: { models: [a] } }'],
    ['an endpoint of another protocol', 'endpoints: { vllm: { base_url: "file:///etc/passwd", models: [a] } }'],
    ['an endpoint without a model', 'endpoints: { vllm: { base_url: "http://h/v1" } }'],
    ['an endpoint with a name for nobody', 'endpoints: { "v llm": { base_url: "http://h/v1", models: [a] } }'],
    ['an endpoint called like another provider', 'endpoints: { first: { base_url: "http://h/v1", models: [a] } }'],
    ['a price below nothing', 'prices: { first: { a: { input: -1 } } }'],
    ['a price that cannot be counted', 'prices: { first: { a: { input: 0.0000001 } } }'],
    ['a price in words', 'prices: { first: { a: { input: cheap } } }'],
    ['a price of nothing in particular', 'prices: { first: { a: { output: 1 } } }'],
    ['an empty file', ''],
  ])('is refused, naming the file: %s', (_title, text) => {
    expect(() => parse(text)).toThrow(ConfigError);
    expect(() => parse(text)).toThrow(NAME);
  });
});
