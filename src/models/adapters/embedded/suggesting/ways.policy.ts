import { label } from '../text/label.policy.js';

const LIST = '((?:[^.;?!\\n]|\\.(?=\\S))+)';
/** What comes before ways that are listed: "Options considered: …", "choose between …". */
const LISTED = new RegExp(
  `\\b(?:options?|alternatives?|choices|candidates|shortlist(?:ed)?|contenders|finalists|possibilities|ways|ideas|proposals|offers|bids|vendors|suppliers|tools)\\b[^:.;?!\\n]{0,30}?(?::|\\s(?:are|were|include))\\s+${LIST}|\\b(?:between|among)\\s${LIST}`,
  'giu',
);
const COMMA = /\s*,\s*(?:(?:and|or)\s+)?/iu;
const OR = /\s*,\s*(?:or\s+)?|\s+(?:or|versus|vs\.?)\s+/iu;
const AND = /\s*,\s*(?:and\s+)?|\s+and\s+/iu;
const LONGEST = 80;
const MOST_WORDS = 8;

/** A list with "or" is told apart at "or", one with "and" at "and"; a longer member may hold the other of the two. */
function members(list: string): readonly string[] {
  const joint = /\s(?:or|versus|vs\.?)\s/iu.test(list) ? OR : /\sand\s/iu.test(list) ? AND : COMMA;
  const parts = list.split(joint).map((part) => label(part.replace(/^(?:either|to)\s/iu, ''), LONGEST));
  const isList = parts.length > 1 && parts.every((part) => part !== '' && part.split(' ').length <= MOST_WORDS);
  return isList ? parts : [];
}

/** Ways that a text lists by their names: "PostgreSQL, MySQL and MongoDB". */
export const listedWays = (text: string): readonly string[] =>
  Array.from(text.matchAll(LISTED), ([, labelled, between]) => members(labelled ?? between ?? '')).flat();

/** Listed ways, and those of the others that do not hold them all in one. */
export function allWays(listed: readonly string[], others: readonly string[]): readonly string[] {
  const names = listed.map((way) => way.toLowerCase());
  const holdsListed = (way: string): boolean => names.some((name) => way.toLowerCase().includes(name));
  return [...new Set([...listed, ...others.filter((way) => !holdsListed(way))])];
}
