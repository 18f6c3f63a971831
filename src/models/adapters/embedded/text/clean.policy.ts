/** Anything that is markup rather than words. Every branch is bounded, so that no input makes it slow. */
const MARKUP =
  /<\/?[a-z!][^<>]{0,300}>|\]\([^()\s]{1,300}\)|\bhttps?:\/\/[^\s<>"]{1,300}|&[a-z]{2,8};|\*{1,3}(?=\S)|(?<=\S)\*{1,3}|_{2,3}|`{1,3}|~~|[[\]]|(?<!^)\|/gimu;
const INVISIBLE = /[^\P{C}\n\u200c\u200d]|[\u00a0\u2028\u2029]/gu;
/** Tags that end a line of text. */
const BLOCK_TAG = /^<\/?(?:p|br|div|li|ul|ol|h[1-6]|tr|table|section|article|header|footer|blockquote|body|html)\b/iu;
const CODE = /<(script|style)\b/giu;

const blank = (text: string): string => ' '.repeat(text.length);

/** Blanks what stands inside `<script>` and `<style>`: it is never part of what a person wrote. */
function withoutCode(text: string): string {
  let result = text;
  let from = 0;
  for (const match of text.matchAll(CODE)) {
    if (match.index < from) continue;
    const close = text.indexOf(`</${match[1]}`, match.index);
    from = close === -1 ? text.length : close;
    result = result.slice(0, match.index) + blank(text.slice(match.index, from)) + result.slice(from);
  }
  return result;
}

/**
 * The same text with markup, control characters and lone surrogates replaced by spaces.
 * Its length never changes, so every offset is valid in the original too.
 */
export function clean(text: string): string {
  return withoutCode(text)
    .replace(MARKUP, (mark) => (BLOCK_TAG.test(mark) ? `\n${blank(mark.slice(1))}` : blank(mark)))
    .replace(INVISIBLE, blank);
}
