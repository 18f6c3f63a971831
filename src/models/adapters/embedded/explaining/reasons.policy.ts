import type { Update } from '../../../tasks/explain-diff.schema.js';
import type { DrawnEdge, DrawnNode, EdgeBasis } from '../../../tasks/graph-parts.schema.js';
import { excerpt, listed } from '../text/quoted.policy.js';
import { endsOf, type PatchParts } from './patch-parts.js';
import { type Proof, proofOf, quotedProof, type Reading, saying } from './support.policy.js';

/** Why one part changes: pieces of a sentence, the most telling first. */
export interface Reason {
  readonly target: string;
  readonly pieces: readonly string[];
  readonly origin: EdgeBasis;
  readonly proof: Proof | undefined;
}

const STRONG = 0.6;
const MODERATE = 0.3;
const MOST_NAMED = 2;
const SHOWN = 80;

const unsaid = (reading: Reading | undefined): string[] =>
  reading === undefined ? [] : ['no sentence of the brief speaks of it'];

/** What the patch connects with it. */
function connections(id: string, parts: PatchParts): string[] {
  const { edges } = parts.patch.adds;
  const to = edges.filter(({ from }) => from === id).map((edge) => parts.name(edge.to));
  const from = edges.filter((edge) => edge.to === id).map((edge) => parts.name(edge.from));
  return [
    ...(to.length === 0 ? [] : [`the patch lets it lead to ${some(to)}`]),
    ...(from.length === 0 ? [] : [`the patch puts it behind ${some(from)}`]),
    ...(to.length + from.length > 0 ? [] : ['the patch connects it with nothing']),
  ];
}

const some = (names: readonly string[]): string =>
  names.length <= MOST_NAMED
    ? listed(names, 'and')
    : `${names.slice(0, MOST_NAMED).join(', ')} and ${names.length - MOST_NAMED} more`;

export function addedNode({ id, kind, label }: DrawnNode, parts: PatchParts, reading: Reading | undefined): Reason {
  const proof = reading === undefined ? undefined : proofOf([label], reading);
  return {
    target: id,
    pieces: [
      `Adds the ${kind} ${excerpt(label, SHOWN)}`,
      ...(proof === undefined ? unsaid(reading) : [saying(proof)]),
      ...connections(id, parts),
    ],
    origin: proof?.origin ?? 'hypothesis',
    proof,
  };
}

function influence(weight: number | undefined): string {
  if (weight === undefined) return 'leads to';
  if (weight === 0) return 'has no effect on';
  const size = Math.abs(weight);
  const how = size >= STRONG ? 'strongly' : size >= MODERATE ? 'moderately' : 'weakly';
  return `${how} ${weight > 0 ? 'speaks for' : 'works against'}`;
}

const numbers = ({ weight, belief }: Pick<DrawnEdge, 'weight' | 'belief'>): string => {
  const told = [
    ...(weight === undefined ? [] : [`weight ${weight}`]),
    ...(belief === undefined ? [] : [`belief ${belief}`]),
  ];
  return told.length === 0 ? '' : ` (${told.join(', ')})`;
};

/** What stands behind an edge: the quote it brings, or words of the brief that speak of both its ends. */
function behind(edge: DrawnEdge, parts: PatchParts, reading: Reading | undefined) {
  const { provenance: given, from, to } = edge;
  if (given === undefined) {
    const proof = reading === undefined ? undefined : proofOf([parts.wording(from), parts.wording(to)], reading);
    const told = proof === undefined ? (edge.provenance_source === undefined ? ['nothing is quoted for it'] : []) : [];
    return { proof, pieces: proof === undefined ? told : [saying(proof)] };
  }
  if (given.source !== 'brief')
    return { proof: undefined, pieces: [`it quotes ${excerpt(given.quote, SHOWN)} from “${given.source}”`] };
  const proof = reading === undefined ? undefined : quotedProof(given.quote, reading);
  if (proof !== undefined) return { proof, pieces: [saying(proof)] };
  const where =
    reading === undefined ? 'the brief, which was not sent along' : 'the brief, where these words do not stand';
  return { proof, pieces: [`it quotes ${excerpt(given.quote, SHOWN)} from ${where}`] };
}

export function addedEdge(edge: DrawnEdge, parts: PatchParts, reading: Reading | undefined): Reason {
  const { id, from, to, provenance_source: stated } = edge;
  const { proof, pieces } = behind(edge, parts, reading);
  const gone = [from, to].filter((end) => parts.isRemoved(end)).map((end) => parts.name(end));
  const invented = edge.provenance?.source === 'brief' && proof === undefined && reading !== undefined;
  return {
    target: id,
    pieces: [
      `Adds that ${parts.name(from)} ${influence(edge.weight)} ${parts.name(to)}${numbers(edge)}`,
      ...pieces,
      ...(gone.length === 0 ? [] : [`though the same patch removes ${listed(gone, 'and')}`]),
    ],
    origin: proof?.origin ?? (invented ? 'hypothesis' : (stated ?? 'hypothesis')),
    proof,
  };
}

/** What is new in a part, name by name. */
function changes(update: Update, parts: PatchParts): readonly string[] {
  const { label, body, kind, from, to, weight, belief, provenance: given } = update;
  const told: readonly (readonly [string, string | undefined])[] = [
    ['its label', label === undefined ? undefined : excerpt(label, SHOWN)],
    ['its kind', kind],
    ['its weight', weight?.toString()],
    ['its belief', belief?.toString()],
    ['where it comes from', from === undefined ? undefined : parts.name(from)],
    ['where it leads', to === undefined ? undefined : parts.name(to)],
    ['its quote', given === undefined ? undefined : excerpt(given.quote, SHOWN)],
    ['what it rests on', update.provenance_source],
    ['its body', body === undefined ? undefined : excerpt(body, SHOWN)],
  ];
  return told.flatMap(([what, value]) => (value === undefined ? [] : [`${what} becomes ${value}`]));
}

export function updated(update: Update, parts: PatchParts, reading: Reading | undefined): Reason {
  const { id, label, body, provenance: given, provenance_source: stated } = update;
  const told = changes(update, parts);
  const wording = label ?? body;
  const proof =
    reading === undefined
      ? undefined
      : given?.source === 'brief'
        ? quotedProof(given.quote, reading)
        : wording === undefined
          ? undefined
          : proofOf([wording], reading);
  const ends = endsOf(id);
  const what =
    ends === undefined ? excerpt(id, SHOWN) : `the edge from ${parts.name(ends.from)} to ${parts.name(ends.to)}`;
  return {
    target: id,
    pieces: [
      told.length === 0
        ? `Touches ${what} and names nothing that is new in it`
        : `Updates ${what}: ${listed(told, 'and')}`,
      ...(proof === undefined ? (wording === undefined ? [] : unsaid(reading)) : [saying(proof)]),
    ],
    origin: proof?.origin ?? (stated === 'document' || stated === undefined ? 'engine' : stated),
    proof,
  };
}

export function removed(id: string, parts: PatchParts, reading: Reading | undefined): Reason {
  if (parts.isGivenAnew(id)) {
    return { target: id, pieces: ['the same patch also removes what had this id'], origin: 'engine', proof: undefined };
  }
  const ends = endsOf(id);
  if (ends !== undefined) {
    const gone = [ends.from, ends.to].filter((end) => parts.isRemoved(end)).map((end) => parts.name(end));
    return {
      target: id,
      pieces: [
        `Removes the edge from ${parts.name(ends.from)} to ${parts.name(ends.to)}`,
        gone.length === 0 ? 'both its ends stay' : `it goes with ${listed(gone, 'and')}`,
      ],
      origin: 'engine',
      proof: undefined,
    };
  }
  const { adds, removes } = parts.patch;
  const edges = removes.filter((each) => Object.values(endsOf(each) ?? {}).includes(id)).length;
  const kept = adds.edges
    .filter(({ from, to }) => from === id || to === id)
    .map((edge) => parts.name(edge.from === id ? edge.to : edge.from));
  const proof = reading === undefined ? undefined : proofOf([parts.wording(id)], reading);
  return {
    target: id,
    pieces: [
      `Removes ${parts.name(id)}`,
      ...(edges === 0 ? [] : [`${edges} of its edges ${edges === 1 ? 'goes' : 'go'} with it`]),
      ...(kept.length === 0 ? [] : [`though the same patch connects it with ${some(kept)}`]),
      ...(proof === undefined ? unsaid(reading) : [`though ${saying(proof)}`]),
    ],
    origin: proof?.origin ?? 'engine',
    proof,
  };
}
