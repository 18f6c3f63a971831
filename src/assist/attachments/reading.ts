import type { Source } from '../graph/quotes.policy.js';
import type { Issue } from '../issue.schema.js';
import type { Attachment } from './attachment.schema.js';
import type { CsvSummary } from './csv/summary.policy.js';

/** A file as far as a draft uses it. */
export interface ReadDocument extends Source {
  readonly name: string;
  readonly kind: Attachment['kind'];
  readonly charactersUsed: number;
  readonly charactersTotal: number;
  readonly pages: number | undefined;
  readonly csv: CsvSummary | undefined;
}

export interface Reading {
  /** In the order sent; files nothing could be read from are missing, and named in `issues`. */
  readonly documents: readonly ReadDocument[];
  readonly issues: readonly Issue[];
}
