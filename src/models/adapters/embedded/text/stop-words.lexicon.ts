import { stem } from './stem.policy.js';

const list = (words: string): ReadonlySet<string> => new Set(words.trim().split(/\s+/));

/** Words that carry grammar rather than content. */
export const STOP_WORDS = list(`
a about above after again against all also am an and another any are around as at be because been before being below between both but by
can cannot could did do does doing done down during each either else even ever every few for from further get gets got had has have having he her
here hers him his how however i if in instead into is it its itself just least less let like likely many may me might more most much must my
near neither no nor not now of off on once one only onto or other others otherwise our ours out over own per perhaps please quite rather really
same shall she should since so some something such than that the their theirs them then there therefore these they thing things this those
though through to too toward towards under unless until up upon us use very via was we well were what whatever when where whether which while
who whom whose why will with within without would yet you your yours don't doesn't didn't won't can't isn't aren't it's we're i'm they're`);

/** Words a label must not end with: they announce something that was cut off. */
export const DANGLING = list(`
a an and another any are as at be because been before being between both but by can could did do does either every for from had has have how if in
instead into is its like may might must my nor not of on or our per shall should since so some such than that the their these this those to under
unless until upon via was we were what when where whether which while who whose will with within without would your it he she they i no about
around after over only also just even very more most less fewer still rather around roughly approximately at`);

/** Words that no statement ends with, even where it was not cut. */
export const UNFINISHED = list('a an the and or but nor because which who that so instead too either however if when');

/** Words a label must not begin with. */
export const LEADING = list(`
and but or nor so then also however yet therefore because that thus hence plus still well now the a an please anyway meanwhile furthermore moreover
besides additionally finally firstly secondly thirdly just although though while whereas when unless`);

/** Words that, at the start of a sentence, point back to what was said before. */
export const POINTERS = list('it this that they these those he she such both its their');

/** Stems of measures of time and money, and of words for anything: too common to tell one thing from another. */
export const MEASURES: ReadonlySet<string> = new Set(
  `
day week month year hour minute second evening morning night weekend time euro dollar pound percent million billion thousand number part way
people thing two three four five six seven eight nine ten first last next new old good full part end start`
    .trim()
    .split(/\s+/)
    .map(stem),
);

/** Stems of words that say what kind of statement it is, not what it is about. */
export const FRAMING: ReadonlySet<string> = new Set(
  `
risk danger threat concern worry fear problem downside drawback benefit advantage upside outcome result effect consequence option alternative
possibility idea choice approach proposal suggestion recommendation goal aim objective purpose priority target decision question step action plan
main key want need propose suggest recommend decide think say expect`
    .trim()
    .split(/\s+/)
    .map(stem),
);

/** Words that make a statement uncertain. */
export const HEDGES = list(`
might may could perhaps maybe possibly probably likely unlikely roughly about around approximately appears appear seems seem apparently potentially
would should hopefully estimated estimate expect expected presumably unclear uncertain unsure think believe guess reportedly if`);

/** Words that commit the writer. */
export const FIRM = list(
  'will must is are has cannot always never required requires shall certain certainly definitely proven guaranteed every all',
);

export const NEGATIONS = list(
  `not no never none neither nor without cannot can't won't don't doesn't didn't isn't aren't hardly barely nothing nobody wouldn't shouldn't couldn't`,
);
