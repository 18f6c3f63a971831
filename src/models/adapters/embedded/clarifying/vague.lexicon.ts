/** Words that say how much, how many or how good without saying it, and what would. */
export const VAGUE: readonly (readonly [RegExp, string])[] = [
  [
    /\b(?:several|many|some|few|a lot of|lots of|a number of|various|numerous|a couple of|most|enough)\b(?=\s[\p{L}-]{3,})(?!\sof (?:the|our|us|them|it)\b)/iu,
    'How many is',
  ],
  [
    /\b(?:significant(?:ly)?|substantial(?:ly)?|considerabl[ey]|dramatic(?:ally)?|slightly|somewhat|much (?:more|less|better|cheaper)|massive(?:ly)?|huge)\b/iu,
    'How much is',
  ],
  [
    /\b(?:better|improved?|improve|optimi[sz]ed?|modern(?:i[sz]e)?|good|nice|great|attractive|efficient(?:ly)?|flexible|user-friendly|easy|simple|robust|high-quality|state of the art|strategic)\b/iu,
    'In what way, and compared with what, is it meant:',
  ],
  [/\b(?:cheap|inexpensive|affordable|reasonable|expensive|costly|competitive)\b/iu, 'At which price is something'],
  [
    /\b(?:recent(?:ly)?|quick(?:ly)?|fast|slow(?:ly)?|long-term|short-term|regular(?:ly)?|often|frequent(?:ly)?|sometimes|occasionally|rarely)\b/iu,
    'How long or how often is',
  ],
];
