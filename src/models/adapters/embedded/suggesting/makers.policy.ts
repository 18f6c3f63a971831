import { clip } from '../text/clip.policy.js';
import { capital, lower } from '../text/label.policy.js';
import { excerpt } from '../text/quoted.policy.js';
import type { Aim } from './aim.policy.js';
import { moneyLimit, timeLimit } from './circumstances.policy.js';
import type { Maker } from './situation.js';

const SHOWN = 60;
const IN_TITLE = 28;
const HALF = 2;
const MOST_PAIRS = 100;
const COMBINED = 'Combine ';

const shown = (text: string): string => excerpt(text, SHOWN);
const short = (text: string): string => excerpt(text, IN_TITLE);

/** Ways the goal names in so many words. */
export const named: Maker = ({ named: ways, aim }) =>
  ways.map(({ label, via }) => ({
    title: label,
    pros: [`Named already in the goal, by ${excerpt(via.words, SHOWN)}`],
    cons: [`Nothing is said yet about what it does for ${aim.object}`],
    evidence_to_gather: [`How much of the way to ${shown(aim.whole)} it goes by itself`],
  }));

/** The goal with half of its amount: "raise visits by 7.5 percent" of "raise visits by 15 percent within a year". */
function halfway({ whole, amount, time }: Aim): string | undefined {
  const by = amount === undefined ? -1 : whole.indexOf(`by ${amount.written}`);
  if (amount === undefined || by < 0 || !Number.isFinite(amount.value) || /illion|thousand/iu.test(amount.written))
    return undefined;
  const part = amount.written.replace(/\d[\d.,]*/u, String(amount.value / HALF));
  const sooner = time === undefined ? whole : whole.replace(time, '');
  return sooner.replace(amount.written, part).replace(/\s+/gu, ' ').trim();
}

export const staged: Maker = (situation) => {
  const { aim } = situation;
  const first = halfway(aim);
  const money = moneyLimit(situation);
  const time = timeLimit(situation);
  return [
    {
      title:
        first === undefined
          ? `${capital(aim.verb ?? 'go for')} ${aim.object} in two stages`
          : `${capital(first)} first, then decide on the rest`,
      pros: [
        `Shows on the way whether ${shown(aim.whole)} can be reached`,
        ...(money === undefined ? [] : [`Commits only part of what ${shown(money)} allows`]),
      ],
      cons: [
        time === undefined
          ? `The full effect on ${aim.object} comes later`
          : `Leaves little room for the second stage: ${shown(time)}`,
      ],
      evidence_to_gather: [
        `What must be seen ${first === undefined ? `of ${aim.object} after the first stage` : `after “${first}”`} for the second stage to begin`,
      ],
    },
  ];
};

export const tested: Maker = ({ aim }) => [
  {
    title:
      aim.direction === 'done'
        ? `Try ${aim.object} for a limited time`
        : `Test on a small scale what moves ${aim.object}`,
    pros: [`A test of ${aim.object} that fails costs little`, `Replaces guesses about ${aim.object} by figures`],
    cons: [`What holds for a part need not hold for all of ${aim.object}`],
    evidence_to_gather: [
      `Where a test of ${aim.object} could run, for how long, and which result would be enough${aim.amount === undefined ? '' : ` for ${aim.amount.written}`}`,
    ],
  },
];

/** First what threatens, then the goal. */
export const secured: Maker = (situation) =>
  situation.known.risks.map((risk) => ({
    title: `Deal first with ${excerpt(risk, SHOWN)}`,
    pros: [`Takes away ${shown(risk)}, which stands in the way of every option`],
    cons: [
      `Does not by itself ${situation.aim.verb === undefined ? 'reach' : situation.aim.verb} ${situation.aim.object}`,
    ],
    evidence_to_gather: [`How likely ${shown(lower(risk))} is, and what it would cost to prevent it`],
  }));

/** A limit moved instead of kept. */
export const relaxed: Maker = ({ constraints, aim }) =>
  constraints.map((constraint) => ({
    title: `Ask for room: have ${excerpt(constraint, SHOWN - IN_TITLE / HALF)} relaxed`,
    pros: [`Opens ways to ${shown(aim.whole)} that ${shown(constraint)} rules out`],
    cons: [`Somebody set ${shown(constraint)} for a reason, and may refuse`],
    evidence_to_gather: [`Who set ${shown(constraint)}, and what they would want in return`],
  }));

/** Two ways at once; a combination is not combined again. */
export const combined: Maker = ({ known: { options }, aim }) => {
  const single = options.filter((option) => !option.startsWith(COMBINED));
  return single
    .flatMap((one, index) => single.slice(index + 1).map((other) => ({ one, other })))
    .slice(0, MOST_PAIRS)
    .map(({ one, other }) => ({
      title: `${COMBINED}${short(one)} with ${short(other)}`,
      pros: [`Where ${shown(one)} falls short of ${clip(aim.object, SHOWN)}, ${shown(other)} may make up for it`],
      cons: [`${shown(one)} and ${shown(other)} have to be paid for and led at the same time`],
      evidence_to_gather: [`Whether ${shown(one)} and ${shown(other)} need the same people or money`],
    }));
};

export const unchanged: Maker = (situation) => {
  const { aim } = situation;
  const money = moneyLimit(situation);
  const isDeed = aim.direction === 'done' && aim.verb !== undefined;
  return [
    {
      title: isDeed ? `Do not ${aim.verb} ${aim.object} for now` : `Change nothing about ${aim.object} for now`,
      pros: [
        money === undefined
          ? `Leaving ${aim.object} alone costs nothing now, and can be undone any day`
          : `Keeps well within ${shown(money)}`,
        isDeed
          ? `Leaves open whether ${aim.object} is needed at all`
          : `Shows what moves ${aim.object} without anybody acting`,
      ],
      cons: [
        `${aim.amount === undefined ? shown(aim.whole) : aim.amount.written} will hardly come about by itself${aim.time === undefined ? '' : ` ${aim.time}`}`,
      ],
      evidence_to_gather: [
        isDeed
          ? `What each month without ${aim.object} costs`
          : `How ${aim.object} changed over the last three years, and why`,
      ],
    },
  ];
};
