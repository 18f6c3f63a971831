import { capital } from '../text/label.policy.js';
import { excerpt } from '../text/quoted.policy.js';
import type { Aim } from './aim.policy.js';
import { moneyLimit, timeLimit } from './circumstances.policy.js';
import type { Maker } from './situation.js';

const SHOWN = 60;
const HALF = 2;

const shown = (text: string): string => excerpt(text, SHOWN);

/** Ways the goal names in so many words. */
export const named: Maker = ({ named: ways, aim }) =>
  ways.map(({ label, words }) => ({
    title: label,
    pros: [`The goal itself names it: ${excerpt(words, SHOWN)}`],
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
          ? `${capital(aim.verb ?? 'work towards')} ${aim.object} in two stages`
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
        : `Test on a small scale what ${aim.direction === 'reached' ? 'leads to' : 'moves'} ${aim.object}`,
    pros: [`A test of ${aim.object} that fails costs little`, `Replaces guesses about ${aim.object} by figures`],
    cons: [`What holds for a part need not hold for all of ${aim.object}`],
    evidence_to_gather: [
      `Where a test of ${aim.object} could run, for how long, and which result would be enough${aim.amount === undefined ? '' : ` for ${aim.amount.written}`}`,
    ],
  },
];

export const unchanged: Maker = (situation) => {
  const { aim } = situation;
  const money = moneyLimit(situation);
  const isDeed = aim.direction === 'done' || aim.direction === 'chosen';
  const wanted = aim.amount?.written ?? shown(aim.whole);
  const until = aim.amount === undefined || aim.time === undefined ? '' : ` ${aim.time}`;
  return [
    {
      title: isDeed ? `Do not ${aim.verb} ${aim.object} for now` : `Change nothing about ${aim.object} for now`,
      pros: [
        money === undefined
          ? `Costs nothing now, and leaves every way to ${shown(aim.whole)} open`
          : `Keeps well within ${shown(money)}`,
        isDeed
          ? `Leaves open whether ${aim.object} is needed at all`
          : `Shows what becomes of ${aim.object} without anybody acting`,
      ],
      cons: [`${wanted} will hardly come about by itself${until}`],
      evidence_to_gather: [`What each month of waiting with ${shown(aim.whole)} costs`],
    },
  ];
};
