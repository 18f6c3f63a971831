import type { ProposedOption } from '../../../tasks/suggest-options.schema.js';
import { capital } from '../text/label.policy.js';
import type { Aim, Direction } from './aim.policy.js';
import type { Maker } from './situation.js';

type Lever = (aim: Aim) => ProposedOption;

const size = ({ amount }: Aim): string => (amount === undefined ? 'what is wanted' : amount.written);

const MORE: readonly Lever[] = [
  ({ object, ...aim }) => ({
    title: `Reach people and places that bring no ${object} today`,
    pros: [`Adds ${object} without touching what works`, `Can grow beyond ${size({ object, ...aim })}`],
    cons: [`Nobody knows yet who would bring more ${object}`],
    evidence_to_gather: [`Who brings ${object} today, and who could but does not`],
  }),
  ({ object, ...aim }) => ({
    title: `Lose less of ${object} than today`,
    pros: [
      `Begins with ${object} that can be seen already`,
      `Every loss avoided counts towards ${size({ object, ...aim })}`,
    ],
    cons: [`Ends where nothing is lost any more: it cannot add new ${object}`],
    evidence_to_gather: [`What is lost of ${object} in a year, and for which reasons`],
  }),
  ({ object, verb = 'raise' }) => ({
    title: `Use what exists longer or better for ${object}`,
    pros: [`Needs little that is new to ${verb} ${object}`],
    cons: [`People and rooms behind ${object} may be at their limit`],
    evidence_to_gather: [`When and where capacity for ${object} stands idle`],
  }),
];

const LESS: readonly Lever[] = [
  ({ object }) => ({
    title: `Remove what causes ${object}`,
    pros: [`What does not arise need not be dealt with: the effect on ${object} lasts`],
    cons: [`The causes of ${object} have to be known, and some lie outside`],
    evidence_to_gather: [`The three most frequent causes of ${object}, with their shares`],
  }),
  ({ object, ...aim }) => ({
    title: `Cut the largest part of ${object} first`,
    pros: [`One part may be enough for ${size({ object, ...aim })}`, `Effort goes where ${object} weigh most`],
    cons: [`What remains of ${object} may grow`],
    evidence_to_gather: [`The shares of ${object} by kind, place and time`],
  }),
  ({ object }) => ({
    title: `Live with ${object}, and lower what comes of it`,
    pros: [`Helps at once, also where ${object} cannot be avoided`],
    cons: [`Does nothing about how much there is of ${object}`],
    evidence_to_gather: [`What ${object} cost today, step by step`],
  }),
];

const BETTER: readonly Lever[] = [
  ({ object }) => ({
    title: `Mend the worst part of ${object} first`,
    pros: [`Those who suffer most from ${object} notice it first`],
    cons: [`Average figures of ${object} move little at first`],
    evidence_to_gather: [`Which part of ${object} draws most complaints`],
  }),
  ({ object }) => ({
    title: `Set a standard for ${object} and measure it`,
    pros: [`Shows where ${object} improved, and where not`],
    cons: [`Measuring ${object} takes time and changes nothing by itself`],
    evidence_to_gather: [`Which figures about ${object} exist already`],
  }),
  ({ object }) => ({
    title: `Learn from whoever does ${object} best`,
    pros: [`What works elsewhere for ${object} need not be invented`],
    cons: [`What suits ${object} elsewhere may not suit here`],
    evidence_to_gather: [`Who comparable is ahead in ${object}, and by how much`],
  }),
];

const DONE: readonly Lever[] = [
  ({ whole, object, verb }) => ({
    title: `${capital(verb ?? 'do')} ${object} in one go`,
    pros: [`The whole effect of ${object} is there at once`, `Nothing of ${object} is left half done`],
    cons: [`What goes wrong with ${object} goes wrong everywhere`],
    evidence_to_gather: [`What it takes in money, people and weeks to ${whole}`],
  }),
  ({ object, verb }) => ({
    title: `Have a partner ${verb ?? 'do'} ${object}`,
    pros: [`Brings in experience with ${object} that is missing here`],
    cons: [`Leaves less say over ${object}, and binds both sides`],
    evidence_to_gather: [`Who has done the like of ${object} before, on which terms`],
  }),
  ({ object }) => ({
    title: `Settle for the part of ${object} that matters most`,
    pros: [`Costs less than all of ${object}`],
    cons: [`What is left out of ${object} may be missed later`],
    evidence_to_gather: [`Which part of ${object} most of the benefit comes from`],
  }),
];

const LEVERS: Readonly<Record<Direction, readonly Lever[]>> = { more: MORE, less: LESS, better: BETTER, done: DONE };

/** Ways that follow from what the goal wants: more of something, less of it, better, or done. */
export const levers: Maker = ({ aim }) => LEVERS[aim.direction].map((lever) => lever(aim));
