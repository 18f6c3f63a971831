import type { DrawnNode } from '../../../tasks/graph-parts.schema.js';
import { sharedTerms } from '../drafting/vocabulary.policy.js';
import { NEGATIONS } from '../text/stop-words.lexicon.js';
import { terms, words } from '../text/words.policy.js';
import type { Check, Finding } from './finding.js';

/** Labels of one kind that share this much of what they say. */
const ALIKE = 0.8;
/** "Option A", "Plan 2", "TBD": a place held, nothing said. */
const PLACEHOLDER =
  /^(?:(?:new|another|some|other)\s)?(?:(?:option|plan|risk|outcome|goal|decision|action|factor|node|idea|alternative|scenario|choice)s?(?:\s(?:[a-z]|\d{1,3}|one|two|three))?|tb[dac]|to be (?:decided|defined|done)|todo|untitled|unknown|misc|etc|other|n\/?a|\?+|…+|\.{3}|-+)$/iu;

const plain = (label: string): string =>
  label
    .toLowerCase()
    .replace(/[^\p{L}\p{N}]+/gu, ' ')
    .trim();

const repeatedLabels: Check = ({ drawing }) => {
  const firsts = new Map<string, DrawnNode>();
  return drawing.nodes.flatMap((node) => {
    const said = plain(node.label);
    const first = firsts.get(said);
    if (first === undefined || first.id === node.id) {
      firsts.set(said, node);
      return [];
    }
    const same = first.kind === node.kind;
    const finding: Finding = {
      level: same ? 'IMPROVEMENT' : 'OBSERVATION',
      area: 'structure',
      note: same
        ? `Two ${node.kind} nodes have one label, ${drawing.name(node.id)}: “${first.id}” and “${node.id}”.`
        : `${drawing.name(node.id)} stands there as ${first.kind} (“${first.id}”) and as ${node.kind} (“${node.id}”).`,
      target: node.id,
      fix: `Merge “${first.id}” and “${node.id}”, or name them so that ${drawing.name(node.id)} is not said twice.`,
    };
    return [finding];
  });
};

/** "Going" and "not going" say the opposite. */
const denies = (label: string): boolean => words(label, 0).some(({ lower }) => NEGATIONS.has(lower));

const nearlySame: Check = ({ drawing }) => {
  const options = drawing.of('option').map((node) => ({ node, terms: terms(words(node.label, 0)) }));
  return options.flatMap(({ node, terms: own }, index) => {
    const twin = options.slice(0, index).find(({ node: other, terms: theirs }) => {
      const common = sharedTerms(own, theirs).length;
      const alike = common > 1 && common / (own.size + theirs.size - common) >= ALIKE;
      return alike && denies(other.label) === denies(node.label) && plain(other.label) !== plain(node.label);
    });
    if (twin === undefined) return [];
    const finding: Finding = {
      level: 'OBSERVATION',
      area: 'structure',
      note: `The options ${drawing.name(twin.node.id)} and ${drawing.name(node.id)} say nearly the same.`,
      target: node.id,
      fix: `Say in the labels what sets ${drawing.name(node.id)} apart from ${drawing.name(twin.node.id)}.`,
    };
    return [finding];
  });
};

const placeholders: Check = ({ drawing }) =>
  drawing.nodes
    .filter(({ label }) => PLACEHOLDER.test(label.trim()) || !/[\p{L}\p{N}]/u.test(label))
    .map(({ id, kind }) => ({
      level: 'IMPROVEMENT',
      area: 'completeness',
      note: `The ${kind} “${id}” is called ${drawing.name(id)}, which says nothing about it.`,
      target: id,
      fix: `Give “${id}” a label that says what the ${kind} is.`,
    }));

/** What the labels say. */
export const WORDING: readonly Check[] = [repeatedLabels, nearlySame, placeholders];
