import { expect } from '@jest/globals';
import type { Caller } from './model-callers.ts';
import type { Script } from './scripted-upstream.ts';
import {
  answering,
  breakingOff,
  failing,
  replying,
  resetting,
  sampleDraft,
  silent,
  stalling,
  streaming,
} from './scripted-upstream-scripts.ts';
import { until } from './until.ts';
import { INPUT_COST, OUTPUT_COST, type Spent, type UpstreamService, wellBehaved } from './upstream-service.ts';

/** What the scripted model counts of one answer. */
export const COUNTED = { tokens: 18, cost: 11 * INPUT_COST + 7 * OUTPUT_COST };
const NOTHING = { tokens: 0, cost: 0 };
export const TWICE = { tokens: 2 * COUNTED.tokens, cost: 2 * COUNTED.cost };
/** The question and the words that came, estimated. */
const HEARD = 'heard';

const DRAFT = JSON.stringify(sampleDraft(6));
/** What a model says before it fails. */
export const BEGINNING = DRAFT.slice(0, 600);
/** With characters of two and three bytes. */
const SHORT = JSON.stringify(sampleDraft(2));
const LONG = JSON.stringify({ ...Object(sampleDraft(6)), padding: 'x'.repeat(10 * 1_048_576) });

export const whole = { status: 200, code: undefined };
export const failed = { status: 502, code: 'UPSTREAM_FAILED' };
export const limited = { status: 429, code: 'RATE_LIMITED' };
export const rejected = { status: 400, code: 'BAD_INPUT' };
const timedOut = { status: 504, code: 'UPSTREAM_TIMEOUT' };

/** A row of the table in docs/models.md. */
export interface FailingModel {
  readonly does: string;
  /** One a request, the last one for ever. */
  readonly scripts: readonly Script[];
  readonly ending: { readonly status: number; readonly code: string | undefined };
  /** How often the model is asked. */
  readonly asked: number;
  readonly charged: Spent | typeof HEARD;
}

/** Too long to be waited for. */
export const comeBackIn60s = failing(429, { 'retry-after': '60' });

/** What becomes of a call of each, whoever calls. */
export const failingModels: readonly FailingModel[] = [
  {
    does: 'answers 429 with a Retry-After',
    scripts: [failing(429, { 'retry-after': '1' }), wellBehaved],
    ...{ ending: whole, asked: 2, charged: COUNTED },
  },
  {
    does: 'answers 429 with a Retry-After that is too long',
    scripts: [comeBackIn60s],
    ...{ ending: limited, asked: 1, charged: NOTHING },
  },
  {
    does: 'answers 429 for ever',
    scripts: [failing(429, {})],
    ...{ ending: limited, asked: 3, charged: NOTHING },
  },
  {
    does: 'answers 500 twice',
    scripts: [failing(500, {}), failing(500, {}), wellBehaved],
    ...{ ending: whole, asked: 3, charged: COUNTED },
  },
  {
    does: 'answers 500 for ever',
    scripts: [failing(500, {})],
    ...{ ending: failed, asked: 3, charged: NOTHING },
  },
  {
    does: 'knows nothing of what it is asked for',
    scripts: [failing(404, {})],
    ...{ ending: failed, asked: 1, charged: NOTHING },
  },
  {
    does: 'resets the connection before a word',
    scripts: [resetting('')],
    ...{ ending: failed, asked: 3, charged: NOTHING },
  },
  {
    does: 'resets the connection in mid-answer',
    scripts: [resetting(BEGINNING)],
    ...{ ending: failed, asked: 1, charged: HEARD },
  },
  {
    does: 'sends events that are not JSON',
    scripts: [streaming('data: {"choices":[\n\n')],
    ...{ ending: failed, asked: 1, charged: NOTHING },
  },
  {
    does: 'breaks its stream off',
    scripts: [breakingOff(BEGINNING)],
    ...{ ending: failed, asked: 1, charged: HEARD },
  },
  {
    does: 'answers in another content type',
    scripts: [replying(200, { 'content-type': 'text/html' }, '<p>')],
    ...{ ending: failed, asked: 1, charged: NOTHING },
  },
  {
    does: 'cuts its events at every byte',
    scripts: [answering(SHORT, { bytesPerWrite: 1, charactersPerChunk: 64 })],
    ...{ ending: whole, asked: 1, charged: COUNTED },
  },
  {
    does: 'cuts its characters in the middle',
    scripts: [answering(SHORT, { bytesPerWrite: 2, charactersPerChunk: 64 })],
    ...{ ending: whole, asked: 1, charged: COUNTED },
  },
];

/** What becomes of it where its caller words the request. */
export const rejecting: FailingModel = {
  does: 'rejects the request',
  scripts: [failing(400, {})],
  ...{ ending: rejected, asked: 1, charged: NOTHING },
};

/** What becomes of it where we do. */
export const rejectingOurs: FailingModel = { ...rejecting, ending: failed };

/** What becomes of it where an answer has a form. */
export const misreadForm: FailingModel = {
  does: 'words an answer that is not JSON, once',
  scripts: [answering('Certainly!', {}), wellBehaved],
  ...{ ending: whole, asked: 2, charged: TWICE },
};

export const tenMegabytes: FailingModel = {
  does: 'answers with ten megabytes',
  scripts: [answering(LONG, { charactersPerChunk: 65_536 })],
  ...{ ending: whole, asked: 1, charged: COUNTED },
};

/** Its words come all at once. */
export const tenMegabytesAtOnce: FailingModel = {
  ...tenMegabytes,
  does: 'answers with ten megabytes in one event',
  scripts: [answering(LONG, { charactersPerChunk: LONG.length })],
};

/** With limits of a second, {@link IMPATIENT}. */
export const stallingModels: readonly FailingModel[] = [
  { does: 'never says a word', scripts: [silent], ending: timedOut, asked: 1, charged: NOTHING },
  { does: 'falls silent in mid-answer', scripts: [stalling(BEGINNING)], ending: timedOut, asked: 1, charged: HEARD },
];

/** An answer that was asked for in one piece has no first word: the whole call limits it. */
export const IMPATIENT = {
  MODEL_FIRST_TOKEN_TIMEOUT: '1000',
  MODEL_IDLE_TIMEOUT: '1000',
  MODEL_TOTAL_TIMEOUT: '3000',
} as const;

/** Does not begin before the service has answered somebody else. */
export const slowToBegin = (world: UpstreamService): FailingModel => ({
  does: 'is slow to begin',
  scripts: [
    async (request, response) => {
      await world.reserved();
      return wellBehaved(request, response);
    },
  ],
  ...{ ending: whole, asked: 1, charged: COUNTED },
});

/** Asks once, looks at what the call came to in the durable record, and that the model is called again afterwards. */
export async function expectEnding(world: UpstreamService, caller: Caller, model: FailingModel): Promise<void> {
  const before = { charged: await recorded(world), calls: world.upstream.requests.length };
  world.script(...model.scripts);
  const { status, code } = await world.ask(caller);
  expect({ caller, status, code }).toEqual({ caller, ...model.ending });
  expect(world.upstream.requests).toHaveLength(before.calls + model.asked);
  const after = await recorded(world);
  expectCharge({ tokens: after.tokens - before.charged.tokens, cost: after.cost - before.charged.cost }, model.charged);
  world.script(wellBehaved);
  expect(await world.ask(caller)).toMatchObject(whole);
}

function expectCharge(charged: Spent, charge: FailingModel['charged']): void {
  if (charge !== HEARD) {
    expect(charged).toEqual(charge);
    return;
  }
  expect(charged.tokens).toBeGreaterThan(BEGINNING.length / 5);
  expect(charged.cost).toBeGreaterThan(charged.tokens * INPUT_COST);
  expect(charged.cost).toBeLessThan(charged.tokens * OUTPUT_COST);
}

/** What the durable record has, once it has what the accounts have. */
export async function recorded(world: UpstreamService): Promise<Spent> {
  const spent = await world.spent();
  await until('the record has what the accounts have', async () => {
    const rows = await world.recorded();
    const sum = (count: (row: (typeof rows)[number]) => number) => rows.reduce((total, row) => total + count(row), 0);
    return sum(({ tokens }) => tokens) === spent.tokens && sum(({ cost }) => cost) === spent.cost;
  });
  return spent;
}
