import type { Sentence } from '../reading/source.js';
import { STOP_WORDS } from '../text/stop-words.lexicon.js';
import type { Drafted, Nodes, Related } from './draft.js';
import { LIKELY } from './strength.policy.js';

const within = (value: number): number => Math.max(0.03, Math.min(0.95, value));

/**
 * How well the brief can be read, 0 to 1, by its share of grammar words (about 0.4 in prose; near zero in noise, code and languages
 * this engine cannot judge) and its variety. Orders to the reader take from it.
 */
export function legibility(sentences: readonly Sentence[]): number {
  const words = sentences.filter(({ source }) => source.kind === 'brief').flatMap((each) => each.words);
  if (words.length === 0) return 0;
  const grammar = words.filter(({ lower }) => STOP_WORDS.has(lower)).length / words.length;
  const variety = new Set(words.map(({ lower }) => lower)).size / Math.sqrt(words.length);
  const trusted = sentences.some(({ addressed }) => addressed) ? 0.5 : 1;
  return trusted * Math.min(1, grammar / 0.25) * Math.min(1, variety / 2.5);
}

const isStated = ({ candidate }: Drafted): boolean => candidate.via.by !== 'inferred';
const share = (part: number, of: number): number => (of === 0 ? 0 : part / of);

/** Trust in the whole draft: what was stated rather than inferred, how the edges are supported, and what speaks against it. */
export function confidenceOf(nodes: Nodes, relations: readonly Related[], legible: number): number {
  const all = Object.values(nodes).flat();
  const stated = (kind: keyof Nodes): number => nodes[kind].filter(isStated).length;
  const structure =
    0.12 * Math.min(1, stated('goal')) + 0.14 * Math.min(1, stated('decision')) + 0.07 * Math.min(3, stated('option'));
  const breadth = (['outcome', 'risk', 'action', 'factor'] as const).filter((kind) => stated(kind) > 0).length * 0.04;
  const lexical = 0.16 * share(relations.filter(({ support }) => support.strength >= LIKELY).length, relations.length);
  const evidence =
    0.1 *
    share(
      all.filter(({ candidate, echoes }) => candidate.quantities.length > 0 || echoes.length > 0).length,
      all.length,
    );
  const hedged = 0.08 * share(all.filter(({ candidate }) => candidate.hedge !== undefined).length, all.length);
  const disputed = 0.08 * nodes.risk.filter(({ candidate }) => candidate.via.by === 'dispute').length;
  const total = (0.08 + structure + breadth + lexical + evidence) * (0.25 + 0.75 * legible) - hedged - disputed;
  return Math.round(within(total) * 100) / 100;
}
