import { stem } from './stem.policy.js';

/** One of the two ends of a scale: "rise" and "fall" are ends of one, "faster" and "slower" of another. */
export interface Direction {
  readonly scale: string;
  readonly end: 1 | -1;
  /** A `change` is made to what follows or befalls what stands before; a `quality` or a `deed` is that of what stands before. */
  readonly by: 'change' | 'quality' | 'deed';
}

/** What goes one way on a scale, and what goes the other. */
const CHANGES: Readonly<Record<string, readonly [string, string]>> = {
  amount: [
    `rise rose risen increase grow grew grown growth climb soar surge jump double triple raise boost expand gain add more higher bigger larger
    greater extra additional longer widen extend multiply attract win won`,
    `fall fell fallen decrease decline drop shrink shrank shrunk sink sank dwindle plunge plummet slump diminish reduce reduction cut lower halve
    lessen lose lost loss fewer less smaller shorter shorten slash trim deter forfeit`,
  ],
  worth: ['improve improvement better strengthen enhance', 'worsen worse deteriorate weaken deterioration'],
  speed: ['accelerate', 'delay'],
};

/** Qualities and their opposites. */
const QUALITIES: Readonly<Record<string, readonly [string, string]>> = {
  speed: ['faster fast quicker quick speedier sooner earlier', 'slower slow later'],
  price: ['dearer dear expensive costlier costly pricier', 'cheaper cheap affordable'],
  ease: ['easier easy simpler simple', 'harder hard difficult complicated complex'],
  strength: ['stronger strong', 'weaker weak'],
  safety: ['safer safe', 'riskier risky dangerous unsafe'],
  mood: ['happier happy satisfied', 'unhappy unhappier dissatisfied angry angrier'],
  noise: ['louder loud noisier noisy', 'quieter quiet'],
  warmth: ['warmer warm hotter hot', 'colder cold cooler cool'],
  light: ['lighter light', 'heavier heavy'],
  trust: ['reliable', 'unreliable'],
};

/** What people and things do, and what they do instead. */
const DEEDS: Readonly<Record<string, readonly [string, string]>> = {
  presence: ['stay remain', 'leave left resign quit'],
  success: ['succeed', 'fail'],
  access: ['open', 'close shut'],
};

const list = (words: string): readonly string[] => words.trim().split(/\s+/);

const entries = (
  scales: Readonly<Record<string, readonly [string, string]>>,
  by: Direction['by'],
): readonly (readonly [string, Direction])[] =>
  Object.entries(scales).flatMap(([scale, [up, down]]) => [
    ...list(up).map((word) => [stem(word), { scale, end: 1, by }] as const),
    ...list(down).map((word) => [stem(word), { scale, end: -1, by }] as const),
  ]);

/** Words, by their stems, that say which way something goes. */
export const DIRECTIONS: ReadonlyMap<string, Direction> = new Map([
  ...entries(CHANGES, 'change'),
  ...entries(QUALITIES, 'quality'),
  ...entries(DEEDS, 'deed'),
]);

/** What carries a direction and is not what goes there. */
export const CARRIERS: ReadonlySet<string> = new Set(
  list(`become became get got go goes going went gone come came bring brought make made turn keep kept push drive drove become see show
  much far even again also then slightly significantly strongly likely probably first last next
  number amount level rate total overall net annual yearly monthly weekly average own`).map(stem),
);
