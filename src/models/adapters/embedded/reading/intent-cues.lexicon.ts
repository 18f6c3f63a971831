import { type Cue, cue } from './cue.js';

/** What people write when they say what they want. */
export const GOAL_CUES: readonly Cue[] = [
  cue(
    'goal',
    'after',
    3.2,
    'aim aims goal goals objective objectives purpose target mission ambition priority intention vision point',
    /\b(?:aims?|goals?|objectives?|purpose|target|mission|ambition|priority|intention|vision|point)\b[^.:;,]{0,40}?\s(?:is|are|was|were|remains?|would be)\s(?:now\s|still\s|simply\s|mainly\s)?(?:to\s)?/iu,
  ),
  cue(
    'goal',
    'after',
    2.6,
    'aims aim aiming hope hopes hoping seek seeks seeking strive strives striving try tries trying determined wish',
    /\b(?:aims?|aiming|hopes?|hoping|seeks?|seeking|strives?|striving|tries|trying|wish|determined)\sto\s/iu,
  ),
  cue(
    'goal',
    'after',
    2.9,
    'want wants wanted',
    /\bwant(?:s|ed)?\s(?:[\p{L}']{1,20}\s){0,2}?to\s(?!decide|choose|know|discuss|be able)/iu,
  ),
  cue(
    'goal',
    'after',
    2.9,
    'what',
    /\bwhat (?:we|i|they|he|she|the \p{L}{1,20}) (?:really |most )?(?:wants?|needs?|cares? about)(?: most)? (?:is|are)\s(?:to\s)?/iu,
  ),
  cue(
    'goal',
    'after',
    1.5,
    'need needs',
    /\bneeds?\sto\s(?!decide|choose|pick|select|settle|be\b|know|make a (?:decision|choice))/iu,
  ),
  cue(
    'goal',
    'after',
    2.3,
    'want',
    /\b(?:we|i|everyone|residents|all)\swant\s(?!to\b|you\b|an?\s(?:decision|answer|quote|reply))/iu,
  ),
  cue(
    'goal',
    'after',
    2.3,
    'wants',
    /(?<=\b(?:council|board|committee|head|director|city|club|company|management|staff|manager|ministry|ceo|cfo|cto|mayor|department|university|school|hospital|museum|union|regulator|government|team)\s(?:also\s)?)wants\s(?!to\b|an?\s(?:decision|answer|quote|reply|offer))/iu,
  ),
  cue('goal', 'after', 2.2, "like i'd we'd", /\b(?:(?:i|we)['’]d|would)\slike\s(?:to\s)?(?!know|discuss|your)/iu),
  cue('goal', 'after', 1.5, 'order so', /\b(?:in order|so as)\sto\s/iu),
  cue('goal', 'after', 1.3, 'so', /\bso that\s/iu),
  cue('goal', 'after', 2.6, 'success', /\bsuccess\b[^.:;,]{0,20}\s(?:is|means|looks like|would be|would mean)\s/iu),
  cue('goal', 'after', 2.4, 'above importantly', /\b(?:above all|most importantly),?\s/iu),
];

/** What people write when something is to be decided. */
export const DECISION_CUES: readonly Cue[] = [
  cue(
    'decision',
    'onward',
    3.4,
    'decide decides deciding decided determine choose agree debate debating consider considering discuss discussing unsure undecided question asked ask weighing',
    /(?<=\b(?:decid(?:e|es|ed|ing)|determine|choose|agree|debat(?:e|ing)|consider(?:ing)?|discuss(?:ing)?|unsure|undecided|question|ask(?:ed)?|weighing)\b[^.?]{0,40}?)\bwhether\s/iu,
  ),
  cue('decision', 'onward', 2.7, 'whether', /\bwhether\s(?!(?:[\p{L}'’]{1,20}\s){1,6}?or\s(?:not|no),)/iu),
  cue(
    'decision',
    'onward',
    3.4,
    'choose choosing decide deciding select pick torn',
    /\b(?:choose|choosing|decide|deciding|select|pick|torn)\b[^.;]{0,30}?\bbetween\s/iu,
  ),
  cue('decision', 'onward', 2.4, 'choice decision', /\b(?:choice|decision)\b[^.;,]{0,30}?\bbetween\s/iu),
  cue(
    'decision',
    'onward',
    3.1,
    'decide choose pick select settle agree',
    /(?<=\b(?:need|needs|have|has|must|going|ready|time|asked|want|wants)\s(?:now\s)?(?:to\s)?)(?:decide|choose|pick|select|settle|agree)\s(?:now\s)?(?:on\s)?(?!whether|between|if\b|before|by\b|until|soon|quickly|this\b|next\b|within|what to do)/iu,
  ),
  cue(
    'decision',
    'after',
    2.1,
    'thinking toying considering contemplating wondering',
    /(?<!\b(?:was|were)\s)\b(?:thinking|toying|considering|contemplating|wondering)\s(?:(?:about|of|with)\s)?(?!whether|if\b)/iu,
  ),
];

/** What people write when there is more than one way. */
export const OPTION_CUES: readonly Cue[] = [
  cue(
    'option',
    'after',
    3.4,
    'option alternative plan scenario variant route choice proposal model',
    /\b(?:option|alternative|plan|scenario|variant|route|choice|proposal|model)\s(?:[a-e1-9]|one|two|three|four)\b\s*(?:[:.)–—-]|is|would be|means)\s*(?:to\s)?/iu,
  ),
  cue(
    'option',
    'split',
    3.3,
    'options alternatives courses ways paths choices possibilities proposals scenarios routes plans ideas bids offers sites models quotes candidates suppliers vendors venues designs variants',
    /\b(?:options|alternatives|courses|ways|paths|choices|possibilities|proposals|scenarios|routes|plans|ideas|bids|offers|sites|models|quotes|candidates|suppliers|vendors|venues|designs|variants)\b[^:.;]{0,30}:\s/iu,
  ),
  cue('option', 'split', 3.1, 'either', /\beither\s/iu),
  cue(
    'option',
    'split',
    3.2,
    'between',
    /(?<=\b(?:choose|choosing|choice|decide|deciding|decision|select|pick|torn)\b[^.;]{0,30}?)\bbetween\s/iu,
  ),
  cue(
    'option',
    'after',
    3.1,
    'option alternative possibility way idea choice route approach proposal path suggestion compromise',
    /\b(?:an?|one|another|other|second|third|fourth|first|possible|only|final|last|cheapest|simplest|safest|our)\s(?:option|alternative|possibility|way|idea|choice|route|approach|proposal|path|suggestion|compromise)\b[^.;:]{0,25}?(?:\s(?:is|was|are|(?:would|might|could|may)\sbe)\s|:\s)(?:to\s)?/iu,
  ),
  cue(
    'option',
    'after',
    2.9,
    'other another first second third',
    /(?:^|[,;:]\s|\band\s|\bbut\s)(?:the\s)?(?:other|another|first|second|third)\s(?:is|was|would be|might be)\sto\s/iu,
  ),
  cue('option', 'after', 2.8, 'alternatively', /\balternatively,?\s(?:we could\s|to\s)?/iu),
  cue(
    'option',
    'after',
    2.7,
    'propose proposes proposed suggest suggests suggested recommend recommends recommended advocates favours favors prefers backs',
    /\b(?:propos(?:e|es|ed)|suggest(?:s|ed)?|recommend(?:s|ed)?|advocates?|favou?rs|prefers?|backs)\s(?:that\s(?:we|they)\s|to\s)?(?!by\b|one\b|that\b|a (?:decision|choice)\b)/iu,
  ),
  cue(
    'option',
    'after',
    2.7,
    'swears rather pushing argues argued',
    /\b(?:swears by|would rather|(?<=\p{L}['’])d rather|is pushing for|pushing for|argue[sd] for)\s/iu,
  ),
  cue(
    'option',
    'after',
    2.8,
    'should',
    /(?<=\b(?:says?|saying|said|thinks?|insists?|argues?|suggests?|believes?|feels?)\s(?:that\s)?(?:we|they|i)\s)should\s(?:just\s|simply\s)?(?!not\b|never\b|be\b|have\b)/iu,
  ),
  cue(
    'option',
    'after',
    2.5,
    'could',
    /(?<=\b(?:we|i|they|one|you|he|she|council|board|city|company|club|team|management|school|hospital|bank|trustees|owners|partners|library|museum|clinic|charity|parish|village)\s)could\s(?:also\s|instead\s|simply\s|just\s|either\s|of course\s|then\s)*/iu,
  ),
  cue(
    'option',
    'after',
    2,
    'thinking toying considering contemplating',
    /(?<!\b(?:was|were)\s)\b(?:thinking|toying|considering|contemplating)\s(?:(?:about|of|with)\s)?(?!whether|if\b)/iu,
  ),
  cue(
    'option',
    'clause',
    2.6,
    'possible option conceivable table',
    /\bis\s(?:also|always|still)\s(?:possible|conceivable|an option|on the table)\b/iu,
  ),
  cue(
    'option',
    'clause',
    2.2,
    'nothing quo carry continue stay leave',
    /\b(?:do(?:ing)? nothing|status quo|carry on|continue (?:with|as|to)|stay(?:ing)? with|leave (?:things|it|everything) as)\b/iu,
  ),
];
