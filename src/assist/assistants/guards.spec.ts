import { describe, expect, it } from '@jest/globals';
import { LIBRARY_BRIEF as brief, LIBRARY_GRAPH as graph } from '../../../test/support/drawn-graphs.ts';
import { ClarifyBriefAnswer, type ClarifyBriefRequest } from './clarify/clarify-brief.schema.js';
import { guardQuestions } from './clarify/clarify-guards.policy.js';
import { CritiqueGraphAnswer, CritiqueGraphRequest } from './critique/critique-graph.schema.js';
import { guardCritique } from './critique/critique-guards.policy.js';
import { ExplainDiffAnswer, ExplainDiffRequest } from './explain/explain-diff.schema.js';
import { guardRationales } from './explain/explain-guards.policy.js';
import { guardOptions } from './suggest/suggest-guards.policy.js';
import { SuggestOptionsAnswer, type SuggestOptionsRequest } from './suggest/suggest-options.schema.js';

const long = 'word '.repeat(400);
const upstreamFailed = expect.objectContaining({ code: 'UPSTREAM_FAILED' });

describe('questions', () => {
  const question = (text: string, more: object = {}) => ({
    question: text,
    why_we_ask: 'It is open.',
    impacts_draft: 'The goal.',
    ...more,
  });
  const numbers = ['one', 'two', 'three', 'four', 'five', 'six', 'seven'];
  const guard = (questions: object[], request: Partial<ClarifyBriefRequest> = {}, confidence = 0.5) => {
    const answer = guardQuestions({ brief, round: 0, ...request }, { questions, confidence } as never);
    return ClarifyBriefAnswer.parse(answer);
  };

  it('are five at most, none of them twice', () => {
    const asked = [...numbers, 'one'].map((word) => question(`Which is number ${word}?`));
    expect(guard(asked).questions.map((each) => each.question)).toEqual(
      numbers.slice(0, 5).map((word) => `Which is number ${word}?`),
    );
  });

  it('are none of those that were asked before, however they are spelt', () => {
    const previous_answers = [{ question: 'WHO decides on the opening hours', answer: '' }];
    const answer = guard([question('Who decides on the opening hours?'), question('By when?')], { previous_answers });
    expect(answer.questions.map((each) => each.question)).toEqual(['By when?']);
  });

  it('go no further where none is new', () => {
    const previous_answers = [{ question: 'By when?', answer: '' }];
    expect(guard([question('By when?')], { previous_answers })).toMatchObject({
      questions: [{ question: 'By when?' }],
      should_continue: false,
    });
  });

  it('are cut where they are too long, and say so', () => {
    const [cut] = guard([question(long, { why_we_ask: long, choices: [long, 'short'] })]).questions;
    for (const text of [cut?.question, cut?.why_we_ask, cut?.choices?.[0]]) expect(text).toMatch(/word…$/);
  });

  it.each([
    [
      ['a', 'A ', '', 'b'],
      ['a', 'b'],
    ],
    [['only'], undefined],
    [numbers, numbers.slice(0, 6)],
  ])('offer of the choices %j %j', (choices, kept) => {
    expect(guard([question('Which?', { choices })]).questions[0]?.choices).toEqual(kept);
  });

  it.each([
    [0, 0.5, true],
    [1, 0.79, true],
    [1, 0.8, false],
    [2, 0.1, false],
  ])('in round %j at confidence %j: another round %j', (round, confidence, more) => {
    expect(guard([question('Which?')], { round }, confidence).should_continue).toBe(more);
  });
});

describe('a critique', () => {
  const issue = (more: object) => ({ level: 'IMPROVEMENT', note: 'This could be said better.', ...more });
  const guard = (issues: object[], more: object = {}) =>
    CritiqueGraphAnswer.parse(
      guardCritique(CritiqueGraphRequest.parse({ graph, brief }), {
        issues,
        suggested_fixes: [],
        overall_quality: 'good',
        ...more,
      } as never),
    );

  it.each([
    ['risk-1', 'risk-1'],
    ['risk-1::option-1::0', 'risk-1::option-1::0'],
    ['risk-1::option-1', 'risk-1::option-1::0'],
    ['evening  guards RESIGN', 'risk-2'],
  ])('aims at what %j means', (target, meant) => {
    expect(guard([issue({ target })]).issues).toEqual([expect.objectContaining({ target: meant })]);
  });

  it.each(['risk-9', '__proto__', 'constructor', 'toString'])('says nothing about %j, which is not there', (target) => {
    expect(guard([issue({ target })]).issues).toEqual([]);
  });

  it('drops notes that say next to nothing, and cuts long ones', () => {
    const { issues } = guard([issue({ note: 'Bad.' }), issue({ note: long })]);
    expect(issues.map(({ note }) => [note.length <= 280, note.endsWith('…')])).toEqual([[true, true]]);
  });

  it('names the worst first, and each thing once', () => {
    const issues = [
      issue({}),
      issue({ level: 'BLOCKER' }),
      issue({ level: 'OBSERVATION' }),
      issue({ level: 'BLOCKER' }),
    ];
    expect(guard(issues).issues.map(({ level }) => level)).toEqual(['BLOCKER']);
    const apart = issues.map((each, index) => ({ ...each, note: `${each.note} ${index}` }));
    expect(guard(apart).issues.map(({ level }) => level)).toEqual(['BLOCKER', 'BLOCKER', 'IMPROVEMENT', 'OBSERVATION']);
  });

  it('offers five fixes at most, and praises nothing that is blocked', () => {
    const suggested_fixes = ['Add a goal', 'add a goal.', ...['a', 'b', 'c', 'd', 'e'].map((each) => `Remove ${each}`)];
    const blocked = guard([issue({ level: 'BLOCKER' })], { suggested_fixes, overall_quality: 'excellent' });
    expect([blocked.suggested_fixes.length, blocked.overall_quality]).toEqual([5, 'fair']);
    expect(guard([], { overall_quality: 'excellent' }).overall_quality).toBe('excellent');
  });
});

describe('options', () => {
  const option = (title: string, more: object = {}) => ({
    title,
    pros: ['good'],
    cons: ['bad'],
    evidence_to_gather: ['how good'],
    ...more,
  });
  const guard = (options: object[], request: Partial<SuggestOptionsRequest> = {}) =>
    SuggestOptionsAnswer.parse(guardOptions({ goal: 'Raise visits', ...request }, { options } as never));
  const four = ['Rent', 'Buy', 'Build', 'Wait'].map((title) => option(title));

  it('are five at most, none alike, each with an id of its own', () => {
    const { options } = guard([...four, option('RENT!'), option('Borrow'), option('Share')]);
    expect(options.map(({ id, title }) => `${id} ${title}`)).toEqual([
      'option-1 Rent',
      'option-2 Buy',
      'option-3 Build',
      'option-4 Wait',
      'option-5 Borrow',
    ]);
  });

  it('are none that is known already', () => {
    const { options } = guard(four, { graph_summary: { existing_options: ['rent'] } });
    expect(options.map(({ title }) => title)).toEqual(['Buy', 'Build', 'Wait']);
  });

  it('are cut where they are too long', () => {
    const [first] = guard([option(long, { pros: [long, '', long] }), ...four]).options;
    expect(first?.title).toMatch(/…$/);
    expect(first?.pros).toEqual([expect.stringMatching(/…$/)]);
  });

  it('are refused where fewer than three remain', () => {
    const blank = [option('Buy', { cons: [' '] }), option(' ')];
    for (const few of [four.slice(0, 2), [...four.slice(0, 2), option('rent')], [...four.slice(0, 2), ...blank]])
      expect(() => guard(few)).toThrow(upstreamFailed);
  });
});

describe('rationales', () => {
  const patch = { adds: { nodes: [{ id: 'a', kind: 'risk', label: 'Rain' }], edges: [] }, removes: ['b'] };
  const guard = (rationales: object[], more: object = {}) =>
    ExplainDiffAnswer.parse(
      guardRationales(ExplainDiffRequest.parse({ patch, brief, ...more }), { rationales } as never),
    ).rationales;

  it('are one for each part, in the order of the patch, and for nothing else', () => {
    const given = ['b', 'a', 'a', 'c', '__proto__'].map((target, index) => ({ target, why: `reason ${index}` }));
    expect(guard(given)).toEqual([
      { target: 'a', why: 'reason 1' },
      { target: 'b', why: 'reason 0' },
    ]);
  });

  it.each([
    ['document', 'open on Sundays', 'document'],
    ['metric', '15 percent', 'metric'],
    [undefined, 'open on Sundays', 'document'],
    ['document', 'open on Mondays', 'hypothesis'],
    ['metric', undefined, 'hypothesis'],
    ['engine', undefined, 'engine'],
    [undefined, undefined, undefined],
  ])('that claim %j with the quote %j rest on %j', (provenance_source, quote, kept) => {
    const quotation = quote === undefined ? {} : { quotation: { source: 'brief', quote } };
    const claim = { target: 'a', why: 'Because.', ...(provenance_source === undefined ? {} : { provenance_source }) };
    expect(guard([{ ...claim, ...quotation }])[0]?.provenance_source).toBe(kept);
  });

  it('keep the source the patch itself names', () => {
    const edge = { from: 'a', to: 'b', provenance_source: 'metric' };
    const given = { patch: { adds: { nodes: [], edges: [edge] } } };
    expect(guard([{ target: 'a::b::0', why: 'Because.', provenance_source: 'metric' }], given)).toEqual([
      { target: 'a::b::0', why: 'Because.', provenance_source: 'metric' },
    ]);
  });

  it('are cut where they are too long, and refused where none is left', () => {
    expect(guard([{ target: 'a', why: long }])[0]?.why).toMatch(/…$/);
    for (const none of [[{ target: 'z', why: 'Because.' }], [{ target: 'a', why: ' ' }]])
      expect(() => guard(none)).toThrow(upstreamFailed);
  });
});
