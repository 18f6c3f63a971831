const undouble = (stem: string): string => (/([bdgmnprt])\1$/.test(stem) ? stem.slice(0, -1) : stem);

/**
 * Light English stemming: enough to see `reduces`, `reduced` and `reducing` as one word.
 * Words of other scripts pass unchanged.
 */
export function stem(word: string): string {
  const base = word.replace(/['’]s?$/u, '');
  if (base.length < 4 || !/^[a-z-]+$/.test(base)) return base;
  if (base.endsWith('ies') || base.endsWith('ied')) return `${base.slice(0, -3)}y`;
  if (base.endsWith('sses')) return base.slice(0, -2);
  if (base.endsWith('ing') && base.length > 5) return dropE(undouble(base.slice(0, -3)));
  if (base.endsWith('ed') && base.length > 4 && !base.endsWith('eed')) return dropE(undouble(base.slice(0, -2)));
  if (/(?:[sxz]|ch|sh)es$/.test(base)) return dropE(base.slice(0, -2));
  if (base.endsWith('s') && !/(?:ss|us|is)$/.test(base)) return dropE(base.slice(0, -1));
  return dropE(base);
}

function dropE(word: string): string {
  return word.length > 3 && word.endsWith('e') ? word.slice(0, -1) : word;
}
