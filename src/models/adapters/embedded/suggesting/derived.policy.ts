import { sharedTerms } from '../drafting/vocabulary.policy.js';
import { excerpt } from '../text/quoted.policy.js';
import { terms, words } from '../text/words.policy.js';
import type { Maker, Situation } from './situation.js';

const SHOWN = 60;
const IN_TITLE = 28;
const MOST_PAIRS = 100;

const shown = (text: string): string => excerpt(text, SHOWN);
const short = (text: string): string => excerpt(text, IN_TITLE);

/** The ways that are known or named; what was made of two of them is not taken apart again. */
const waysOf = ({ known, named }: Situation): readonly string[] =>
  [...new Set([...known.options, ...named.map(({ label }) => label)])].filter((way) => !way.includes('“'));

const pairs = (ways: readonly string[]): readonly { readonly one: string; readonly other: string }[] =>
  ways.flatMap((one, index) => ways.slice(index + 1).map((other) => ({ one, other }))).slice(0, MOST_PAIRS);

const common = (one: string, other: string): number => sharedTerms(terms(words(one, 0)), terms(words(other, 0))).length;

/** Each way with the risks that speak of it; the one with most of them first. */
const byRisk = (situation: Situation): readonly { readonly way: string; readonly risks: readonly string[] }[] =>
  waysOf(situation)
    .map((way) => ({ way, risks: situation.known.risks.filter((risk) => common(way, risk) > 0) }))
    .toSorted((a, b) => b.risks.length - a.risks.length);

/** The way with most risk, on a small scale and before anything is settled. */
export const piloted: Maker = (situation) =>
  byRisk(situation).map(({ way, risks: [risk] }) => ({
    title: `Try ${short(way)} on a small scale before deciding`,
    pros: [
      risk === undefined
        ? `Shows what ${shown(way)} does for ${situation.aim.object} before all of it is paid for`
        : `Shows what harm ${shown(risk)} does while little hangs on it`,
    ],
    cons: [`What holds for ${shown(way)} on a small scale need not hold on a large one`],
    evidence_to_gather: [
      risk === undefined
        ? `Where ${shown(way)} could be tried, for how long, and which result would be enough`
        : `How one would see early what harm ${shown(risk)} does`,
    ],
  }));

/** Two ways at once. */
export const combined: Maker = (situation) =>
  pairs(waysOf(situation)).map(({ one, other }) => ({
    title: `Combine ${short(one)} with ${short(other)}`,
    pros: [`Where ${shown(one)} falls short of ${situation.aim.object}, ${shown(other)} may make up for it`],
    cons: [`${shown(one)} and ${shown(other)} have to be paid for and led at the same time`],
    evidence_to_gather: [`Whether ${shown(one)} and ${shown(other)} need the same people or money`],
  }));

/** The way with least risk first, another after it. */
export const phased: Maker = (situation) =>
  pairs(
    byRisk(situation)
      .map(({ way }) => way)
      .toReversed(),
  ).map(({ one, other }) => ({
    title: `Begin with ${short(one)}, keep ${short(other)} for later`,
    pros: [`${shown(other)} is paid for only if ${shown(one)} is not enough`],
    cons: [`What ${shown(other)} could do comes later`],
    evidence_to_gather: [`What must be seen of ${shown(one)} for ${shown(other)} to be left out`],
  }));

/** A way made to fit a constraint that is named. */
export const fitted: Maker = (situation) =>
  waysOf(situation).flatMap((way) =>
    situation.constraints.map((constraint) => ({
      title: `Fit ${short(way)} to ${short(constraint)}`,
      pros: [`Keeps ${shown(constraint)} from the start`],
      cons: [`What is left of ${shown(way)} then may do less for ${situation.aim.object}`],
      evidence_to_gather: [`Which parts of ${shown(way)} are ruled out by ${shown(constraint)}`],
    })),
  );

/** A way where it does most. */
export const limited: Maker = (situation) =>
  waysOf(situation).map((way) => ({
    title: `Limit ${short(way)} to the part where it does most`,
    pros: [`Costs less than all of ${shown(way)}`],
    cons: [`Where ${shown(way)} is left out, nothing changes`],
    evidence_to_gather: [`Which part of ${shown(way)} does most for ${situation.aim.object}`],
  }));

/** First what threatens, then the goal. */
export const secured: Maker = ({ known, aim }) =>
  known.risks.map((risk) => ({
    title: `Deal first with ${excerpt(risk, SHOWN)}`,
    pros: [`Whatever is chosen then, ${shown(risk)} no longer stands in its way`],
    cons: [`Does not by itself ${aim.verb ?? 'lead to'} ${aim.object}`],
    evidence_to_gather: [`How likely ${shown(risk)} is, and what it would cost to prevent it`],
  }));

/** A limit moved instead of kept. */
export const relaxed: Maker = ({ constraints, aim }) =>
  constraints.map((constraint) => ({
    title: `Ask for room: have ${excerpt(constraint, SHOWN - IN_TITLE / 2)} relaxed`,
    pros: [`Opens ways to ${shown(aim.whole)} that ${shown(constraint)} rules out`],
    cons: [`Somebody set ${shown(constraint)} for a reason, and may refuse`],
    evidence_to_gather: [`Who set ${shown(constraint)}, and what they would want in return`],
  }));
