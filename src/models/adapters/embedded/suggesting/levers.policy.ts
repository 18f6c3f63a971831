import type { ProposedOption } from '../../../tasks/suggest-options.schema.js';
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
    pros: [`One part may be enough for ${size({ object, ...aim })}`, `Effort goes where most of ${object} comes from`],
    cons: [`What remains of ${object} may grow`],
    evidence_to_gather: [`The shares of ${object} by kind, place and time`],
  }),
  ({ object }) => ({
    title: `Live with ${object}, and lower what comes of it`,
    pros: [`Helps at once, also where ${object} cannot be avoided`],
    cons: [`Does nothing about how much there is of ${object}`],
    evidence_to_gather: [`What is lost through ${object} today, step by step`],
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
    title: `Learn from whoever is best at ${object}`,
    pros: [`What works elsewhere for ${object} need not be invented`],
    cons: [`What suits ${object} elsewhere may not suit here`],
    evidence_to_gather: [`Who comparable is ahead in ${object}, and by how much`],
  }),
];

const DONE: readonly Lever[] = [
  ({ object, verb = '' }) => ({
    title: `Have a partner ${verb} ${object}`,
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

const CHOSEN: readonly Lever[] = [
  ({ object }) => ({
    title: `List what ${object} must do, and rule out what does not`,
    pros: [`Leaves few candidates for ${object}, each for a reason`],
    cons: [`What nobody thinks of now is missing from the list for ${object}`],
    evidence_to_gather: [`Who has to live with ${object}, and what they cannot do without`],
  }),
  ({ object }) => ({
    title: `Try two candidates for ${object} side by side`,
    pros: [`Replaces opinions about ${object} by what was seen`],
    cons: [`Two trials for ${object} cost more than one`],
    evidence_to_gather: [`Which two candidates for ${object} differ most, and what a trial would have to show`],
  }),
];

/** Where the goal is no instruction that was understood: nothing is said of it but its own words. */
const REACHED: readonly Lever[] = [
  ({ object }) => ({
    title: `Begin with the part of ${object} that matters most`,
    pros: [`One part of ${object} is easier to reach than all of it`],
    cons: [`Nothing that was sent says what ${object} consists of`],
    evidence_to_gather: [`What would have to be different for ${object} to be reached, and what of it matters most`],
  }),
  ({ object }) => ({
    title: `Ask whoever has come nearest to ${object} how`,
    pros: [`What has led others to ${object} need not be invented`],
    cons: [`What led others to ${object} may not suit here`],
    evidence_to_gather: [`Who comparable has come near to ${object}, and what it took`],
  }),
];

const LEVERS: Readonly<Record<Direction, readonly Lever[]>> = {
  more: MORE,
  less: LESS,
  better: BETTER,
  done: DONE,
  chosen: CHOSEN,
  reached: REACHED,
};

/** Ways that follow from what the goal wants: more of something, less of it, better, done, chosen, or just reached. */
export const levers: Maker = ({ aim }) => LEVERS[aim.direction].map((lever) => lever(aim));
