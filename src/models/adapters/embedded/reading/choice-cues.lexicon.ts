import { type Cue, cue } from './cue.js';

/** What people write before they name what they choose from. Nothing is an option here unless alternatives follow. */
export const CHOICE_CUES: readonly Cue[] = [
  cue(
    'option',
    'courses',
    3,
    'can could may might shall',
    /(?<=\b(?:we|i|he|she|one|council|board|committee|management|owners|trustees|partners|\p{L}{2,20}\s\d{1,3})\s)(?:can|could|may|might|shall)\s(?:(?:now|also|just|simply|instead|then|only|either)\s){0,2}/iu,
  ),
  cue(
    'option',
    'courses',
    3,
    'must should ought have has need needs',
    /(?<=\b(?:we|i|they|he|she|council|board|committee|management|owners|trustees|partners|(?:the|our|my|this)\s(?:[\p{L}-]{2,20}\s){0,2}?(?!(?:applicant|candidate|customer|buyer|seller|visitor|guest|tenant|patient|student|pupil|child|person|user|driver|passenger|employee|member|resident|contractor|supplier|insurer|landlord|form|device|system)\s)[\p{L}-]{2,20}[^\Ws])\s)(?:must|should|(?:ought|have|has|needs?)\sto)\s(?:(?:now|also|just|simply|soon|instead|first|then|only|therefore|either)\s){0,2}(?!choose|decide|pick|select|settle|agree)/iu,
  ),
  cue(
    'option',
    'courses',
    3.1,
    'choice choose decide dilemma question matter boils comes down choices debating discussing arguing weighing considering between toss-up',
    /\b(?:choice|dilemma|question|choose|decide|choices|debating|discussing|arguing|weighing|considering|(?:boils|comes)\sdown|matter|toss-up)\s(?:(?:now|simply|still|only|really|is|was|about|over|on|to|of|up|whether)\s){0,4}/iu,
  ),
  cue(
    'option',
    'split',
    2.9,
    'weighing debating undecided unsure torn decide agree settle choose pick comparing',
    /\b(?:weighing(?:\sup)?|comparing|debating|(?:undecided|unsure|torn|decide|agree|settle)\s(?:on|over|about)|choose|pick)\s(?!whether|if\b|how|what|when|where|who|which|why|it\b|this\b|that\b|between|before|by\b|to\b|on\b|over\b|about\b|up\b)/iu,
  ),
  cue(
    'option',
    'after',
    2.6,
    'or',
    /^or\s(?:(?:else|perhaps|maybe|alternatively),?\s)?(?:we|i|they|you)\s(?!are\b|have\b|had\b|will\b|would\b|do\b|don|did\b|was\b|were\b|could\b)/iu,
  ),
  cue(
    'option',
    'after',
    2.6,
    'wants want',
    /(?<=\b(?:prefers?|favou?rs?|wants?|rather)\b[^.;]{3,100},\s(?:(?:and|but|while|whereas)\s)?(?:\p{L}{2,20}\s){1,3})wants?\s(?:to\s)?/iu,
  ),
  cue('option', 'split', 3.1, 'choose decide choice dilemma', /\b(?:choose|decide|choice|dilemma)\b[^:.;]{0,30}:\s/iu),
  cue('option', 'courses', 2.7, 'or', /(?:[:–—]|\s-)\s(?:(?:either|to)\s)?/iu),
];
