/** Pairs of words that "or" joins into one thing: nothing is left open by them. */
export const SAYINGS: ReadonlySet<string> = new Set([
  'more less',
  'sooner later',
  'once twice',
  'day night',
  'now never',
  'yes no',
  'rain shine',
  'better worse',
  'way another',
  'dead alive',
  'thing two',
]);
