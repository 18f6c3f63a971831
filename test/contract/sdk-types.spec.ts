import { describe, expect, it } from '@jest/globals';
import type { z } from 'zod';
import type * as assistants from '#libs/sdk/assistant-types.js';
import type * as sdk from '#libs/sdk/types.js';
import type {
  ClarifyBriefAnswer,
  ClarifyBriefRequest,
} from '../../src/assist/assistants/clarify/clarify-brief.schema.ts';
import type {
  CritiqueGraphAnswer,
  CritiqueGraphRequest,
} from '../../src/assist/assistants/critique/critique-graph.schema.ts';
import type { ExplainDiffAnswer, ExplainDiffRequest } from '../../src/assist/assistants/explain/explain-diff.schema.ts';
import type {
  SuggestOptionsAnswer,
  SuggestOptionsRequest,
} from '../../src/assist/assistants/suggest/suggest-options.schema.ts';
import type { DraftGraphAnswer } from '../../src/assist/draft-answer.schema.ts';
import type { DraftGraphRequest } from '../../src/assist/draft-request.schema.ts';
import type { ApiKey, CreateKey, IssuedKey, RotateKey } from '../../src/auth/keys.schema.ts';
import type { ServiceStatus } from '../../src/health/health.schema.ts';
import type { StreamView } from '../../src/streaming/stream.schema.ts';

// The types of the client are written for their reader; the compiler compares them here with what the service checks and sends.

/** As JSON has it: what is `undefined` is left out, and nobody changes what was sent. */
type Wire<T> = T extends readonly (infer E)[]
  ? readonly Wire<E>[]
  : T extends object
    ? { readonly [K in keyof T]: Wire<Exclude<T[K], undefined>> }
    : T;

type Fits<From, To> = [Wire<From>] extends [Wire<To>] ? true : false;
type Same<One, Other> = Fits<One, Other> extends true ? Fits<Other, One> : false;

/** What is sent must be taken. */
type Taken<Sent, Schema extends z.ZodType> = Fits<Sent, z.input<Schema>>;
/** What is answered must be told, all of it and nothing else. */
type Told<Read, Schema extends z.ZodType> = Same<Read, z.output<Schema>>;

const answers: {
  draft: Told<sdk.Draft, typeof DraftGraphAnswer>;
  stream: Told<sdk.StreamView, typeof StreamView>;
  key: Told<sdk.ApiKey, typeof ApiKey>;
  issued: Told<sdk.IssuedKey, typeof IssuedKey>;
  status: Told<sdk.ServiceStatus, typeof ServiceStatus>;
  questions: Told<assistants.BriefQuestions, typeof ClarifyBriefAnswer>;
  critique: Told<assistants.Critique, typeof CritiqueGraphAnswer>;
  options: Told<assistants.SuggestedOptions, typeof SuggestOptionsAnswer>;
  explanation: Told<assistants.DiffExplanation, typeof ExplainDiffAnswer>;
} = {
  draft: true,
  stream: true,
  key: true,
  issued: true,
  status: true,
  questions: true,
  critique: true,
  options: true,
  explanation: true,
};

const requests: {
  draft: Taken<sdk.DraftRequest, typeof DraftGraphRequest>;
  key: Taken<sdk.CreateKey, typeof CreateKey>;
  rotation: Taken<sdk.RotateKey, typeof RotateKey>;
  clarify: Taken<assistants.ClarifyRequest, typeof ClarifyBriefRequest>;
  critique: Taken<assistants.CritiqueRequest, typeof CritiqueGraphRequest>;
  options: Taken<assistants.OptionsRequest, typeof SuggestOptionsRequest>;
  explain: Taken<assistants.ExplainRequest, typeof ExplainDiffRequest>;
} = { draft: true, key: true, rotation: true, clarify: true, critique: true, options: true, explain: true };

describe('the types of the client', () => {
  it.each(Object.entries({ ...answers, ...requests }))('are those of the wire: %s', (_shape, fits) => {
    expect(fits).toBe(true);
  });
});
