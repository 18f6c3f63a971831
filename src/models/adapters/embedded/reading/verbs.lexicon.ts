import { stem } from '../text/stem.policy.js';

/** Base forms that begin an instruction, or follow the subject of a question. */
export const VERBS: ReadonlySet<string> = new Set(
  `accept add adjust avert adopt agree align allow amend analyse analyze announce abandon apply appoint approve arrange ask assess assign attend audit automate
avoid award ban begin benchmark block book borrow bring brief build buy call cancel carry centralise centralize certify change charge check choose clean
close collect combine commission communicate compare complete conduct confirm connect consult contact continue contract convert coordinate create cut
define delay deliver demolish deploy deregister design develop discontinue dismiss dispatch divert document double draft drill drop electrify
eliminate encourage end enforce engage enlarge ensure equip establish estimate evacuate evaluate examine expand explain explore export extend fill finalise finalize
finance find fit fix follow freeze fund gather get give go grow halt hand help hire hold identify implement import improve include increase inform
insource inspect install insure interview introduce invest invite issue join keep launch lease leave lend let license limit list lock lower maintain make
map measure meet merge migrate modernise modernize monitor move name negotiate notify obtain offer open operate order organise organize outsource own
partner pause pay perform phase pick pilot plan plant postpone prepare present preserve prevent price privatise procure produce promote propose protect provide
publish pull purchase push put raise reach recruit redesign reduce refer refinance reform refurbish refuse register rehearse reject release relocate remedy remove renegotiate renew renovate rent
repair replace reply report request require rerun reschedule research reserve restore restrict retain retire retrain return review revise rewrite roll run
save scale schedule scrap secure seek select sell send separate set settle share shift ship shorten shrink shut sign simplify speak split sponsor staff standardise
start stay stop strengthen submit subsidise subsidize supply support survey suspend switch take target teach tell tender terminate test track train transfer translate treat trial
trim try turn look swap trade do skip retrofit rebuild subscribe travel drive ride walk cook feed breed sow harvest update upgrade use validate verify insulate lay mothball paint pave regrade resurface rewire shelve show spend visit wait warn widen withdraw work write rethink sack`.split(
    /\s+/,
  ),
);

/** "Buy a deck oven", "avert: the gate breaks". */
export const isVerbal = (text: string): boolean => VERBS.has(text.split(/[\s,:]/u, 1)[0]?.toLowerCase() ?? '');

const STEMS: ReadonlySet<string> = new Set(Array.from(VERBS, stem));

/** Something to do, as an instruction or as a noun: "install turf", "installing turf". */
export function isDeed(text: string): boolean {
  const [first = ''] = text.toLowerCase().split(/[\s,:]/u, 1);
  return VERBS.has(first) || (/.{3}ing$/u.test(first) && STEMS.has(stem(first)));
}

const GROUPS: ReadonlySet<string> = new Set(
  `we i you they he she one team council board committee head director city club company management staff manager ministry ceo cfo cto mayor
trustees owners partners department agency university school hospital bank museum union regulator government people everyone members farmers teachers
nurses parents neighbour daughter son`.split(/\s+/),
);

/** Whether a statement's subject can decide or act: a person, a body, or a name. */
export function isActor(words: readonly string[]): boolean {
  const last = words.at(-1);
  if (last === undefined) return false;
  if (GROUPS.has(last.toLowerCase())) return true;
  return (
    words.length <= 2 &&
    words.every((word) => /^\p{Lu}\p{Ll}/u.test(word)) &&
    !/^(?:The|This|That|These|Those|It|An?|There|Which)$/.test(words[0] ?? '')
  );
}
