/** Denies the verb after it, whoever the subject is. */
const DENYING =
  /\b(?:not|never|cannot|hardly|barely|rarely|nobody|no one|none|neither|\p{L}+n['’]t)\b(?!\s(?:only|just|merely|simply)\b)|^\s*no\b|\bno\s*$/iu;
/** Behind one of these another statement begins. */
const ANOTHER = /[,;:]\s|\b(?:and|or|so|then|because|that|who|which|when|where)\s/iu;

/** Where a statement begins to deny what comes next: the offset in `lead`, the words before a cue. Undefined when it does not. */
export function denialIn(lead: string): number | undefined {
  const parts = lead.split(ANOTHER);
  const own = parts.findLast((part) => part.trim() !== '') ?? '';
  const found = DENYING.exec(own);
  return found === null ? undefined : lead.lastIndexOf(own) + found.index;
}
