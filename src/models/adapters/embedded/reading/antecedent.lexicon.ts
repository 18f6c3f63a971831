import { stem } from '../text/stem.policy.js';

const list = (words: string): readonly string[] => words.trim().split(/\s+/);

/** Verbs, as stems, of what things do and bodies or people do not: they end, cost, run, leak. */
export const OF_THINGS: ReadonlySet<string> = new Set(
  list(`end expire cost run last start begin lapse leak break brake stand fit weigh measure contain consist belong sell work cover apply rise fall amount
  date become matter count total hold need require take include mature renew arrive finish close open wear fade rust crack burn freeze melt
  yield depend vary grow drop`).map(stem),
);

/** Verbs, as stems, that call for somebody who wants or says something. */
export const OF_AGENTS: ReadonlySet<string> = new Set(
  list(`want wish hope plan intend decide think believe say tell ask demand refuse agree accept promise insist argue claim prefer fear worry expect
  propose suggest complain vote hire buy pay lease sign resign threaten know like love hate warn announce object oppose support negotiate`).map(
    stem,
  ),
);

/** Nouns for people and bodies, by their last word. */
const AGENTS: ReadonlySet<string> = new Set(
  list(`authority council board team committee club company city town county state government ministry department agency university school hospital bank
  museum union association foundation trust charity firm insurer landlord landlady contractor supplier operator provider office chamber church
  police federation cooperative co-op parish village province regulator court parliament partner client clients customer customers tenant tenants
  family families resident residents patient patients student students pupil pupils parent parents nurse nurses doctor doctors driver drivers teacher teachers
  farmer farmers member members neighbour neighbours player players volunteer volunteers visitor visitors shareholder shareholders people everyone
  staff management manager managers director mayor owner owners trustee trustees worker workers employee employees crew brewery dealer vendor
  investor investors lender lenders buyer buyers seller sellers municipality district`),
);

/** Whether a noun phrase names somebody who can act. A name counts. */
export const isAgent = (phrase: string): boolean => {
  const last = phrase.trim().split(/\s+/).at(-1) ?? '';
  return AGENTS.has(last.toLowerCase()) || /^\p{Lu}\p{Ll}+$/u.test(phrase.trim());
};
