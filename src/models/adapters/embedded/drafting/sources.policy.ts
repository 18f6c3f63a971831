import type { DraftInput } from '../../../draft-graph.schema.js';
import type { Source } from '../reading/source.js';
import { clean } from '../text/clean.policy.js';
import { clip } from '../text/clip.policy.js';

const source = (id: string, kind: Source['kind'], name: string, original: string): Source => ({
  id,
  kind,
  name: clip(clean(name).replace(/\s+/gu, ' ').trim(), 60) || `a ${kind}`,
  original,
  cleaned: clean(original),
});

/** The texts of a request in reading order: the brief, the documents, the constraints. */
export function sourcesOf({
  brief,
  documents,
  constraints,
}: Pick<DraftInput, 'brief' | 'documents' | 'constraints'>): readonly [Source, ...Source[]] {
  return [
    source('brief', 'brief', 'brief', brief),
    ...documents.map(({ id, kind, name, text }) => source(id, kind === 'csv' ? 'table' : 'document', name, text)),
    ...constraints.map((text, index) => source(`constraint-${index + 1}`, 'constraint', 'constraints', text)),
  ];
}
