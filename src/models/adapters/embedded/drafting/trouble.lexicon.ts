/** Trouble that no single word of a lexicon of tone tells. */
export const COMPLAINT =
  /\b(?:complain(?:s|ed|ing)?|tired of|fed up|annoy(?:s|ed|ing)|hates?|struggl(?:e|es|ed|ing)|suffer(?:s|ed|ing)?|broke|broken|breaks?(?:\sdown)?|worn(?:\sout)?|tears?|torn|wears? out|floods?|flooded|leak(?:s|ed|ing)?|drips?|mess|too (?:small|slow|old|loud|long|late|few|cramped|crowded|expensive|narrow|low|high)|not enough|no longer|overbooked|overrun|overcrowded|runs? out|running out|fall(?:s|ing)? apart|outgrown?|behind schedule|out of date|(?:\p{L}{3,20}s|people|we) (?:often |still |now )?(?:wait|queue))\b/iu;
/** What would be, may be or is only supposed. */
export const SUPPOSED =
  /\b(?:would|could|might|may|will|can|should|if|unless|['’]ll|['’]d)\b|n['’]t\s(?:be\sable|have)/iu;
/** What may come about; what would only follows from an option. */
export const POSSIBLE = /\b(?:might|may|could|if)\b/iu;
/** What happened already is nothing that an option would bring about. */
export const HAPPENED =
  /\b(?:(?:has|have|had)\s(?:\p{L}{2,15}\s){0,2}?\p{L}{2,15}(?:ed|en|wn|lt|ght)|\p{L}{2,15}ed|broke|fell|lost|rose|went|failed|stopped|came|was|were|last (?:week|month|year|winter|spring|summer|autumn|fall|season|quarter)|already|again)\b/iu;
/** What announces a risk that has not come. */
export const FEARED =
  /\b(?:fear|worr|concern|risk|danger|threat|afraid|warn|anxious|nervous|chance|unless|otherwise|likely)/iu;
/** When something ends is a condition. */
export const DEADLINE = /\b(?:expires?|ends?|deadline|is due|closes?)\b/iu;
/** A reason says nothing without what it is the reason of. */
export const REASON = /^(?:because|due to|since|as|so|although|though|while|and|but|which|who)\s/iu;
/** Says nothing without the sentence before. */
export const POINTING = /^(?:it|they|this|that|these|those|he|she)\s/iu;
