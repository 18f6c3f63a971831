import type { Span } from './sentences.policy.js';

/** Where one statement ends and the next begins inside a sentence. The match belongs to neither. */
const BREAK =
  /\s*[:–—]\s|\s-\s|,?\s(?=(?:but|because|although|though|unless|while|whereas|however|yet|so that|and therefore)\s)|,\s(?=(?:i|we|they|he|she)(?:['’]d|\swould)\s(?:rather|prefer)\s|(?:\p{L}{2,20}\s){1,3}(?:wants?|prefers?|favou?rs)\s)|,\s(?=(?:so|or|as|since|which|who|then|and|until|nor|others),?\s)|\s(?=and\s(?:[\p{L}'-]{1,20}\s){0,4}?(?:would|will|could|may|might|can|must|should)\b)|\s(?=and\s(?:[\p{L}'-]{1,20}\s){1,4}?(?:is|are|have|has)\b)|(?<=\bwould\b[^;:]{3,100})\s(?=and\s(?:reduce|cut|save|raise|increase|improve|lower|shorten|attract|free)\b)|(?<=^(?:if|when|before|after|once|until|since)\s[^,]{3,120}),\s/giu;

/** The statements of a sentence, in order, as offsets into `text`. */
export function clauses(text: string): readonly Span[] {
  const found: Span[] = [];
  let start = 0;
  for (const match of text.matchAll(BREAK)) {
    if (match.index > start) found.push({ start, end: match.index });
    start = match.index + match[0].length;
  }
  if (start < text.length) found.push({ start, end: text.length });
  return found;
}
