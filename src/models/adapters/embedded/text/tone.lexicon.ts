import { stem } from './stem.policy.js';

const stems = (list: string): ReadonlySet<string> => new Set(list.trim().split(/\s+/).map(stem));

/** Verbs and adverbs that make less of what follows. */
export const LESS = stems(`
reduce cut lower shrink halve save avoid prevent stop end eliminate shorten decrease limit curb ease relieve mitigate less fewer minimise minimize
remove spare trim slash`);

/** Verbs and adverbs that make more of what follows. */
export const MORE = stems(`
increase raise grow add extend double triple improve boost expand strengthen more gain rise accelerate enable allow attract widen help reach earn
cover spread bring win protect keep let open`);

/** Good things and states. */
export const GOOD = stems(`
revenue income profit capacity attendance visitor sale safety safe trust quality adoption member yield saving benefit comfort health access
resilience reliability uptime satisfaction faster easier easiest easy cheaper cheapest cheap calm calmer better best growth efficiency efficient margin
coverage accuracy success independence flexibility morale retention advantage reputation good strong stronger alive healthy fair fairer quick quicker
subsidy grant flexible reliable popular thrive restore productive sustainable clean cleaner quiet quieter smoother simple simpler loyal happy
satisfied enjoy competitive award donation relief stability stable secure security protection privacy compliance compliant sooner earlier attract`);

/** Bad things, states and events. */
export const BAD = stems(`
risk fail failure loss lose lost delay late overrun error mistake confuse confusing confusion complaint accident injury death outage downtime breakdown crash leak breach
fine penalty lawsuit sue ombudsman litigation dispute strike refuse reject rejected ban banned deny denied block blocked closure closed close disappear vanish leave quit
resign vacant shortage scarce debt default bankruptcy insolvency overcrowded overcrowding congestion queue wait waste cost expense bill premium emission pollution noise
damage destroy freeze frost flood fire drought storm fraud theft abuse attack threat threaten dangerous danger hazard unsafe harm hurt
worse worst weak weaker poor hard difficult impossible expensive unnecessary ignore object oppose resist protest backlash lock lockout interrupt interruption
disrupt disruption drop crime violate violation illegal obsolete expire uninsured unreliable underestimate exceed concern worry fear problem
trouble burden stress fatigue overload churn bottleneck short conflict fight wipe wrong unable lack missing
miss dry unfair steal stolen spill burn collapse postpone re-typing disadvantage deteriorate shut cancel suspend strand
stuck starve sick dead die kill suffer pain cripple ruin spoil corrupt contaminate toxic poison pollute leak rot rust decay steal cheat mislead deceive
punish sanction infringe liable arrest revoke withdraw void invalid deadlock stall overspend deficit loss insolvent layoff redundancy understaffed exhausted
burnout angry upset furious disappointed unhappy frustrated hostile doubt distrust embarrass scandal boycott riot vandalism wound unsafe explosion
crack defect faulty bug glitch malfunction offline slow sluggish outdated incompatible unstable unproven untested unpopular unaffordable
inadequate insufficient incomplete inaccurate biased discriminate scare alienate deter discourage hinder hamper impede jeopardise jeopardize endanger erode
undermine worsen exacerbate stock-out overdue quarrel
rent price fee tax consumption absence turnover banned`);

/** Bad by themselves: making less of them is good, but `cost` alone is no event to fear. */
export const NEUTRAL_ALONE = stems(
  'cost expense bill premium queue wait waste emission noise fire frost close leave short drop risk fight hard rent price fee tax consumption absence turnover',
);

/** Nothing is said for what does these; what does not do them fails. */
export const WORKING = stems('work last hold fit pay suffice function survive cope sound');
