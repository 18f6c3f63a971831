import { type Cue, cue } from './cue.js';

/** What people write about what would follow. */
export const OUTCOME_CUES: readonly Cue[] = [
  cue(
    'outcome',
    'clause',
    1.7,
    'would',
    /(?<=\bwould\b[^;:]{3,100})\band\s(?:reduce|cut|save|raise|increase|improve|lower|shorten|attract|free)\b/iu,
  ),
  cue(
    'outcome',
    'clause',
    1.8,
    "would will should 'll shall won't wouldn't won’t wouldn’t",
    /\b(?:would|will|should|shall|won['’]t|wouldn['’]t)\s(?!be (?:decided|discussed)|like\b|rather\b|have to\b|need to\b|need\b)/iu,
  ),
  cue(
    'outcome',
    'clause',
    2,
    'lead leads led result results resulting leading bring brings means translates',
    /\b(?:leads?|led|leading)\sto\s|\bresult(?:s|ed|ing)?\sin\s|\bbrings?\sabout\s|\bmeans\s|\btranslates?\sinto\s/iu,
  ),
  cue(
    'outcome',
    'clause',
    1.7,
    'expected projected forecast estimated predicted likely set',
    /\b(?:expected|projected|forecast|estimated|predicted|likely|set)\sto\s/iu,
  ),
  cue(
    'outcome',
    'clause',
    1.5,
    'cut cuts reduced reduces reducing fell falls rose rises grew grows saved saves saving improved improves increases increased halved doubled lower lowers gained drops dropped shrank',
    /\b(?:cuts?|reduc(?:ed|es|ing)|fell|falls|rose|rises|grew|grows|sav(?:ed|es|ing)|improv(?:ed|es)|increas(?:ed|es)|halved|doubled|lowers|(?<=^\s*)lower|gained|drop(?:s|ped)|shrank)\b/iu,
  ),
  cue(
    'outcome',
    'after',
    2.3,
    'benefit advantage upside payoff',
    /\b(?:benefit|advantage|upside|payoff)s?\b[^.;:]{0,25}?\s(?:is|are|would be)\s/iu,
  ),
];

/** What people write about what could go wrong. */
export const RISK_CUES: readonly Cue[] = [
  cue(
    'risk',
    'after',
    3.1,
    'risk risks danger chance threat',
    /\b(?:risks?|danger|chance|threat)\s(?:is\s)?(?:of|that)\s/iu,
  ),
  cue(
    'risk',
    'after',
    2.9,
    'risk risks danger downside drawback problem concern threat fear worry',
    /\b(?:risk|danger|downside|drawback|main problem|concern|threat|fear|worry)\b[^.;:,]{0,25}?\s(?:is|are|would be)\s(?:that\s)?/iu,
  ),
  cue(
    'risk',
    'after',
    2.8,
    'worried worry worries concerned concern fear fears feared afraid anxious nervous warn warns warned',
    /\b(?:worr(?:y|ies|ied)|concern(?:ed)?|fear(?:s|ed)?|afraid|anxious|nervous|warn(?:s|ed)?)\s(?:us\s)?(?:that|about|of|over)\s/iu,
  ),
  cue(
    'risk',
    'after',
    2.5,
    'fear fears feared worry risk risks',
    /\b(?:fear(?:s|ed)?|(?:we|they|would|could|might|may|also|but)\srisks?)\s(?!of\b|that\b|is\b)/iu,
  ),
  cue(
    'risk',
    'clause',
    1.9,
    'risk risks risky danger dangerous threat threatens penalty lawsuit liability threatened',
    /\b(?:risks?|risky|danger(?:ous)?|threat(?:ens|ened)?|penalty|lawsuit|liability)\b/iu,
  ),
  cue('risk', 'clause', 1.7, 'might may could', /\b(?:might|may|could|(?<=^\s*)(?:Might|May|Could))\s/u),
  cue('risk', 'clause', 1.9, 'unless otherwise', /\b(?:unless|otherwise)\b/iu),
  cue(
    'risk',
    'clause',
    1.2,
    'cannot hardly barely loses lose fails failed leaves without',
    /\b(?:cannot|hardly|barely|loses?|fails|failed|leaves|without)\b/iu,
  ),
  cue('risk', 'clause', 1.6, 'likely', /\blikely\sto\s/iu),
];

/** What people write about work to be done. */
export const ACTION_CUES: readonly Cue[] = [
  cue(
    'action',
    'after',
    1.9,
    'must have has need needs shall',
    /\b(?:must|have\sto|has\sto|needs?\sto|shall)\s(?!decide|choose|pick|select|settle|be\b|not\b|never\b|make a (?:decision|choice))/iu,
  ),
  cue(
    'action',
    'after',
    2.4,
    'plan plans planning intend intends scheduled agreed committed promised',
    /\b(?:plans?|planning|intends?|scheduled|agreed|committed|promised)\sto\s(?!be\b|the\b|an?\b)/iu,
  ),
  cue(
    'action',
    'after',
    2.1,
    'should',
    /(?<=\b(?:we|i|you|they)\s)should\s(?:first\s|also\s|at least\s)?(?!be\b|not\b|never\b|have\b|decide|choose|pick|select|settle)/iu,
  ),
  cue('action', 'clause', 1.7, "will 'll", /\bwill\s/iu),
  cue('action', 'after', 2.6, 'step steps', /\bnext steps?\s(?:is|are|would be)\s(?:to\s)?/iu),
];

/** What people write about the conditions they work under. */
export const FACTOR_CUES: readonly Cue[] = [
  cue(
    'factor',
    'clause',
    2.2,
    'depends depend hinges relies rely rests contingent subject',
    /\b(?:depends?|hinges|relies|rely|rests|contingent|subject)\s(?:\p{L}{1,15}\s)?(?:on|upon|to)\s/iu,
  ),
  cue(
    'factor',
    'clause',
    1.6,
    'require requires required need needs necessary mandatory obliged',
    /\b(?:requires?|required|needs?(?!\sto\b)|necessary|mandatory|obliged)\b/iu,
  ),
  cue(
    'factor',
    'clause',
    1.5,
    'cannot only most least more limited prohibited allowed hardly barely must',
    /\b(?:cannot|only|at most|at least|no more than|limited to|prohibited|not allowed|barely|must (?:not|never|be|remain|stay))\b/iu,
  ),
  cue(
    'factor',
    'clause',
    1.5,
    'end ends expire expires runs close closes opens deadline due lasts until',
    /\b(?:ends?|expires?|runs out|closes?|opens|deadline|due|lasts?)\b/iu,
  ),
  cue(
    'factor',
    'clause',
    1.6,
    'budget cost costs price capacity law regulation permit contract grant funding subsidy lease reserve insurance union deadline demand containment wind weather season',
    /\b(?:budget|costs?|price|capacity|law|regulation|permit|contract|grant|funding|subsidy|lease|reserve|insurance|union|deadline|demand|containment|wind|weather|season)\b/iu,
  ),
  cue('factor', 'after', 1.4, 'because since due', /\b(?:because(?:\sof)?|due to)\s/iu),
];
