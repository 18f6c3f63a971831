import assert from 'node:assert/strict';
import { setImmediate as turn } from 'node:timers/promises';
import { DRAFT_GRAPH, type DraftInput, DraftProposal } from '#src/models/draft-graph.schema.js';
import type {
  ModelProvider,
  Progress,
  StructuredEvent,
  StructuredRequest,
  TextEvent,
  TextRequest,
} from '#src/models/provider.port.js';

type Check = (provider: ModelProvider) => Promise<void>;

/**
 * Far more turns of the event loop than it takes to end what waits for nobody any more. Turns, not time: on a busy machine
 * they take longer, and are not fewer.
 */
const TURNS = 10_000;

const brief =
  'We must choose a supplier of tea for the canteen by March. Option A is the present supplier, at 12 EUR a kilo. ' +
  'Option B is cheaper, at 9 EUR a kilo, but delivers late. The goal is to spend at most 20,000 EUR a year without ' +
  'running out of tea. The risk of late delivery worries the kitchen.';

const input: DraftInput = { brief, documents: [], constraints: [], limits: { maxNodes: 12, maxEdges: 24 } };

const draft: StructuredRequest = {
  task: DRAFT_GRAPH,
  input,
  system: 'You draft decision graphs.',
  prompt: brief,
  schema: DraftProposal,
};

const words: TextRequest = { messages: [{ role: 'user', content: brief }] };

const calm = (): AbortSignal => new AbortController().signal;

const structured = (provider: ModelProvider): Promise<StructuredEvent[]> =>
  Array.fromAsync(provider.structured(draft, calm())).then(shownOf);

const spoken = (provider: ModelProvider): Promise<TextEvent[]> => Array.fromAsync(provider.text(words, calm()));

/** Without what is told to a meter alone. */
export const shownOf = <T extends { readonly type: string }>(events: readonly (T | Progress)[]): T[] =>
  events.filter((event): event is T => event.type !== 'progress');

/** What every provider promises; each check is named by the promise, so that a broken one can be seen to break it. */
export const modelProviderContract: Readonly<Record<string, Check>> = {
  'a structured answer ends with exactly one done, and it is last': async (provider) => {
    endsWell(await structured(provider));
  },

  'a structured answer fits its schema': async (provider) => {
    const { value } = doneOf(await structured(provider));
    assert.deepEqual(DraftProposal.safeParse(value), { success: true, data: value });
  },

  'a draft is more than nothing': async (provider) => {
    const { nodes } = DraftProposal.parse(doneOf(await structured(provider)).value);
    assert.ok(nodes.length > 1);
  },

  'what a partial shows is in the answer, in the same place': async (provider) => {
    const events = await structured(provider);
    const done = doneOf(events);
    assert.equal(done.repairs, 0);
    const partials = events.flatMap((event) => (event.type === 'partial' ? [event.value] : []));
    assert.ok(partials.length > 0, 'no partial');
    for (const value of partials) assert.ok(isPartOf(value, done.value), `not in the answer: ${JSON.stringify(value)}`);
  },

  'partials do not shrink': async (provider) => {
    const events = await structured(provider);
    const values = events.map(({ value }) => value);
    for (const [index, value] of values.slice(1).entries())
      assert.ok(isPartOf(values[index], value), `shrank at ${index + 1}`);
  },

  'a text ends with exactly one done, and it is last': async (provider) => {
    endsWell(await spoken(provider));
  },

  'a text is its deltas in their order': async (provider) => {
    const events = await spoken(provider);
    const told = events.flatMap((event) => (event.type === 'delta' ? [event.text] : [])).join('');
    assert.equal(doneOf(events).text, told);
    assert.notEqual(told, '');
  },

  'tokens are counted in and out': async (provider) => {
    for (const { usage } of [doneOf(await structured(provider)), doneOf(await spoken(provider))]) {
      assert.ok(Number.isInteger(usage.inputTokens) && usage.inputTokens > 0);
      assert.ok(Number.isInteger(usage.outputTokens) && usage.outputTokens > 0);
    }
  },

  'what an answer costs is told with its words, and grows with them': async (provider) => {
    const told = await Array.fromAsync(provider.structured(draft, calm()));
    const said = await Array.fromAsync(provider.text(words, calm()));
    for (const events of [told, said]) {
      const used = events.flatMap((event) => (event.type === 'done' ? [] : [event.used]));
      assert.ok(used.every(({ inputTokens }) => inputTokens > 0 && inputTokens === used[0]?.inputTokens));
      const outputs = used.map(({ outputTokens }) => outputTokens);
      assert.deepEqual(
        outputs,
        outputs.toSorted((a, b) => a - b),
      );
      assert.ok((outputs.at(-1) ?? 0) > 0, 'nothing is told');
    }
  },

  'an answer names its provider and a model': async (provider) => {
    for (const origin of [doneOf(await structured(provider)), doneOf(await spoken(provider))]) named(origin, provider);
  },

  'models have ids of their own and carry the name of their provider': async ({ models, name }) => {
    assert.ok(models.some(({ kind }) => kind === 'text'));
    assert.equal(new Set(models.map(({ id }) => id)).size, models.length);
    for (const card of models) assert.equal(card.provider, name);
  },

  'nothing is done for a signal that has aborted': async (provider) => {
    const gone = AbortSignal.abort();
    await assert.rejects(atOnce(Array.fromAsync(provider.structured(draft, gone))), stopped);
    await assert.rejects(atOnce(Array.fromAsync(provider.text(words, gone))), stopped);
  },

  'an abort in mid-answer ends it at once, without a done': async (provider) => {
    await assert.rejects(
      abortAtFirst((signal) => provider.structured(draft, signal)),
      stopped,
    );
    await assert.rejects(
      abortAtFirst((signal) => provider.text(words, signal)),
      stopped,
    );
  },

  'a reader may leave early': async (provider) => {
    await leaveAtFirst(provider.structured(draft, calm()));
    await leaveAtFirst(provider.text(words, calm()));
  },
};

/** More, for providers with embedding models. */
export const embeddingContract: Readonly<Record<string, Check>> = {
  'each text gets one vector, in order, all of one length': async (provider) => {
    const texts = ['tea', 'coffee', 'tea', 'the supplier delivers late'];
    const { vectors } = await provider.embed({ texts }, calm());
    assert.equal(vectors.length, texts.length);
    assert.equal(new Set(vectors.map(({ length }) => length)).size, 1);
    assert.ok(vectors.every((vector) => vector.every(Number.isFinite)));
    assert.deepEqual(vectors[0], vectors[2]);
    assert.notDeepEqual(vectors[0], vectors[1]);
  },

  'many texts get as many vectors': async (provider) => {
    const texts = Array.from({ length: 150 }, (_, index) => `text number ${index}`);
    const { vectors } = await provider.embed({ texts }, calm());
    const [last] = (await provider.embed({ texts: ['text number 149'] }, calm())).vectors;
    assert.equal(vectors.length, 150);
    assert.deepEqual(vectors[149], last);
  },

  'an embedding counts its tokens and says where it comes from': async (provider) => {
    const embedded = await provider.embed({ texts: [brief] }, calm());
    assert.ok(Number.isInteger(embedded.usage.inputTokens) && embedded.usage.inputTokens > 0);
    named(embedded, provider);
  },

  'nothing is embedded for a signal that has aborted': async (provider) => {
    await assert.rejects(atOnce(provider.embed({ texts: ['tea'] }, AbortSignal.abort())), stopped);
  },
};

/** More, for providers that compute and do not guess. */
export const deterministicContract: Readonly<Record<string, Check>> = {
  'the same question has the same answer': async (provider) => {
    assert.deepEqual(await structured(provider), await structured(provider));
    assert.deepEqual(await spoken(provider), await spoken(provider));
  },
};

function named(origin: { readonly provider: string; readonly model: string }, { name }: ModelProvider): void {
  assert.equal(origin.provider, name);
  assert.notEqual(origin.model, '');
}

function endsWell(events: readonly { readonly type: string }[]): void {
  assert.equal(events.filter(({ type }) => type === 'done').length, 1);
  assert.equal(events.at(-1)?.type, 'done');
}

function doneOf<T extends { readonly type: string }>(events: readonly T[]): Extract<T, { type: 'done' }> {
  const done = events.find((event): event is Extract<T, { type: 'done' }> => event.type === 'done');
  assert.ok(done !== undefined, 'no done');
  return done;
}

/** Arrays grow at the end, objects by members, everything else is what it will be. */
function isPartOf(part: unknown, whole: unknown): boolean {
  if (Array.isArray(part)) {
    return (
      Array.isArray(whole) && part.length <= whole.length && part.every((each, index) => isPartOf(each, whole[index]))
    );
  }
  if (typeof part !== 'object' || part === null) return part === whole;
  const members = new Map(Object.entries(Object(whole)));
  return Object.entries(part).every(([name, value]) => members.has(name) && isPartOf(value, members.get(name)));
}

async function abortAtFirst(begin: (signal: AbortSignal) => AsyncIterable<{ readonly type: string }>): Promise<void> {
  const controller = new AbortController();
  const events = begin(controller.signal)[Symbol.asyncIterator]();
  const first = await events.next();
  controller.abort();
  if (first.value?.type !== 'done') await atOnce(restOf(events));
}

async function restOf(events: AsyncIterator<{ readonly type: string }>): Promise<void> {
  for (let { done, value } = await events.next(); done !== true; { done, value } = await events.next())
    if (value?.type === 'done') return;
}

async function leaveAtFirst(all: AsyncIterable<unknown>): Promise<void> {
  const events = all[Symbol.asyncIterator]();
  await events.next();
  await atOnce(events.return?.());
}

const stopped = (error: unknown): boolean => !(error instanceof assert.AssertionError && error.message === LATE);
const LATE = 'not at once';

/** What needs no answer from anybody ends before the turns are over. */
async function atOnce<T>(work: Promise<T> | undefined): Promise<void> {
  let ended = false;
  const ending = Promise.resolve(work).finally(() => {
    ended = true;
  });
  for (let count = 0; !ended && count < TURNS; count += 1) await Promise.race([ending, turn()]);
  if (!ended) throw new assert.AssertionError({ message: LATE });
}
