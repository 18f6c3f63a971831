import { stem } from './stem.policy.js';

const list = (words: string): readonly string[] => words.trim().split(/\s+/);
const stems = (words: string): ReadonlySet<string> => new Set(list(words).map(stem));

/**
 * How a word changes what it speaks of. `direction`: 1 more of it, -1 less of it; `better` and `worse` are judged already.
 * `affects`: what comes after (`object`), what stands before (`subject`), whichever of the two can be judged (`either`), or the
 * noun a comparison stands at (`compared`).
 */
export interface Turn {
  readonly direction: 1 | -1 | 'better' | 'worse';
  readonly affects: 'object' | 'subject' | 'either' | 'compared';
}

const TURNS_BY_WORDS: readonly (readonly [Turn, string])[] = [
  [
    { direction: -1, affects: 'object' },
    `reduce slash trim shorten curb limit eliminate remove avoid prevent halt minimise minimize lessen lose forfeit forgo sacrifice
    erode undermine jeopardise jeopardize endanger deter alienate impede hinder hamper discourage lack shortage reduction`,
  ],
  [
    { direction: -1, affects: 'either' },
    'cut halve decrease drop fall fell fallen decline shrink shrank diminish end stop lower',
  ],
  [{ direction: -1, affects: 'subject' }, 'dwindle plunge plummet slump subside sink sank expire lapse'],
  [{ direction: -1, affects: 'compared' }, 'fewer less smaller shorter rarer scarcer'],
  [{ direction: 1, affects: 'object' }, 'raise boost expand attract win gain earn add'],
  [{ direction: 1, affects: 'either' }, 'increase rise rose risen double triple grow grew growth'],
  [{ direction: 1, affects: 'subject' }, 'climb soar surge jump mount swell spike'],
  [{ direction: 1, affects: 'compared' }, 'more higher longer bigger larger greater extra additional'],
  [{ direction: 'better', affects: 'object' }, 'improve ease relieve mitigate save protect shield spare'],
  [{ direction: 'worse', affects: 'object' }, 'worsen aggravate exacerbate'],
];

export const TURNS: ReadonlyMap<string, Turn> = new Map(
  TURNS_BY_WORDS.flatMap(([turn, words]) => list(words).map((word) => [stem(word), turn] as const)),
);

/** Verbs that undo a change named after them: "avoid raising fares", "stop costs from rising". */
export const PREVENTING = stems('avoid prevent stop halt curb');

/** What nobody wants more of, though to mention it says nothing. */
export const BURDENS = stems(`
paperwork overtime detour hassle backlog vacancy expenditure workload crowding rework dropout absenteeism mortality infection relapse readmission
spoilage breakage bureaucracy poverty unemployment inflation litter refund attrition latency fare toll levy traffic mileage surcharge interest
typo casualty fatality smoke dust odour smell landfill footprint crowd deforestation mortgage truancy no-show cancellation payroll downturn eviction dismissal`);

/** What everybody wants more of, though to mention it says nothing. */
export const PRIZED = stems(`
customer guest passenger ridership footfall enrolment enrollment applicant donor subscriber booking output productivity turnout circulation
biodiversity survival graduate listener reader volunteer follower audience occupancy harvest
job employment literacy wellbeing well-being`);

/** "Response times": how long it takes. Less of it is better. */
export const PROCESSES = stems(`
waiting response processing turnaround travel journey delivery lead reaction handling repair cycle turn call queue commuting treatment
resolution recovery loading checkout boarding set-up transit`);
