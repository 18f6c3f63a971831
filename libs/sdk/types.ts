/** Shapes of the wire, as the service documents them. Times are ISO 8601 in UTC; `null` is what the wire says. */

export type NodeKind = 'goal' | 'decision' | 'option' | 'outcome' | 'risk' | 'action' | 'factor';

/** Where words of a draft come from. Every quote stands literally in its source. */
export interface Provenance {
  /** `brief`, or the id of an attachment. */
  readonly source: string;
  readonly quote: string;
  /** E.g. `chars 120-180`, in Unicode code points from 0, the end not included. */
  readonly location: string;
}

export interface GraphNode {
  readonly id: string;
  readonly kind: NodeKind;
  readonly label: string;
  readonly body?: string;
}

export interface GraphEdge {
  /** `from::to::n` */
  readonly id: string;
  readonly from: string;
  readonly to: string;
  /** Strength and direction of the influence, -1 to 1. */
  readonly weight?: number;
  /** How likely the influence is real, 0 to 1. */
  readonly belief?: number;
  readonly provenance?: Provenance;
  readonly provenance_source?: 'document' | 'metric' | 'hypothesis' | 'engine';
}

/** Node id to a place on a canvas. */
export type Positions = Readonly<Record<string, { readonly x: number; readonly y: number }>>;

/** Acyclic; nodes sorted by id, edges by from, to, id. */
export interface Graph {
  readonly version: '1';
  readonly nodes: readonly GraphNode[];
  readonly edges: readonly GraphEdge[];
  readonly meta: {
    readonly roots: readonly string[];
    readonly leaves: readonly string[];
    readonly suggested_positions: Positions;
    readonly source: 'assistant';
  };
}

export interface GraphPatch {
  readonly adds: { readonly nodes: readonly GraphNode[]; readonly edges: readonly GraphEdge[] };
  readonly updates: readonly (GraphNode | GraphEdge)[];
  readonly removes: readonly string[];
}

export type AttachmentKind = 'pdf' | 'csv' | 'txt' | 'md';

export interface Attachment {
  readonly id: string;
  readonly kind: AttachmentKind;
  readonly name: string;
}

/** Base64 (RFC 4648 section 4, padded), or data with its encoding. */
export type AttachmentPayload = string | { readonly data: string; readonly encoding: 'base64' | 'utf8' };

/** One thing the decision must respect. */
export type Constraint = string | number | boolean | readonly string[];

export interface DraftRequest {
  /** The decision in words, 30 to 5000 characters. */
  readonly brief: string;
  readonly attachments?: readonly Attachment[];
  /** Content by attachment id: one for each attachment. */
  readonly attachment_payloads?: Readonly<Record<string, AttachmentPayload>>;
  readonly library_ids?: readonly string[];
  readonly constraints?: readonly string[] | Readonly<Record<string, Constraint>>;
  readonly flags?: Readonly<Record<string, boolean | number | string>>;
  readonly include_debug?: boolean;
}

export interface Rationale {
  readonly target: string;
  readonly why: string;
  readonly provenance: Provenance | null;
}

export type DraftIssueCode =
  | 'attachment_empty'
  | 'attachment_invalid_base64'
  | 'attachment_not_quoted'
  | 'attachment_not_text'
  | 'attachment_not_utf8'
  | 'attachment_truncated'
  | 'csv_parse_failed'
  | 'csv_ragged_rows'
  | 'cycle_broken'
  | 'draft_cut'
  | 'edge_dangling'
  | 'edge_invalid'
  | 'edge_merged'
  | 'edge_self_loop'
  | 'flag_unknown'
  | 'graph_empty'
  | 'graph_limit_exceeded'
  | 'node_invalid'
  | 'node_kind_unknown'
  | 'node_merged'
  | 'pdf_encrypted'
  | 'pdf_no_text'
  | 'pdf_unreadable'
  | 'quote_not_found'
  | 'text_shortened';

/** Something the reader of a draft should know; the draft went on. */
export interface DraftIssue {
  readonly code: DraftIssueCode;
  readonly message: string;
  /** Attachment id, node id, or `from::to` of an edge. */
  readonly target?: string;
}

/** Statistics in place of the rows of a CSV column. */
export interface CsvColumn {
  readonly name: string;
  readonly type: 'number' | 'text';
  readonly count: number;
  readonly distinct?: number;
  readonly mean?: number;
  readonly median?: number;
  readonly p50?: number;
  readonly p90?: number;
  readonly p95?: number;
  readonly p99?: number;
  readonly min?: number;
  readonly max?: number;
}

/** What was read of a document. */
export interface DraftDocument extends Attachment {
  readonly characters_used: number;
  readonly characters_total: number;
  readonly pages?: number;
  readonly rows?: number;
  readonly columns?: readonly CsvColumn[];
  /** CSV: the text that was used in place of the rows; quotes refer to it. */
  readonly summary?: string;
}

/** The answer of `drafts.create`, and the payload of the last event of a good stream. */
export interface Draft {
  readonly schema: 'draft-graph.v1';
  readonly run_id: string;
  readonly graph: Graph;
  readonly patch: GraphPatch;
  readonly rationales: readonly Rationale[];
  readonly issues: readonly DraftIssue[];
  /** 0 to 1. */
  readonly confidence: number;
  readonly clarifier_status: 'complete' | 'needed';
  readonly quality_tier: 'high' | 'medium' | 'low';
  readonly layout: { readonly suggested_positions: Positions };
  readonly usage: { readonly input_tokens: number; readonly output_tokens: number; readonly total_tokens: number };
  readonly diagnostics: {
    readonly provider: string;
    readonly model: string;
    /** 1 when the model had to mend its first answer. */
    readonly repairs: number;
    readonly documents: readonly DraftDocument[];
    readonly quotes: { readonly verified: number; readonly removed: number };
    /** Only with `include_debug`. */
    readonly timings_ms?: { readonly attachments: number; readonly model: number };
  };
}

/** What became of a stream that was asked to stop. */
export interface StreamView {
  readonly id: string;
  /** `cancelling`: its last event follows; otherwise how it had ended already. */
  readonly status: 'cancelling' | 'completed' | 'failed' | 'cancelled';
}

/** One page; the next begins at `next_cursor`. */
export interface List<T> {
  readonly object: 'list';
  readonly data: readonly T[];
  readonly next_cursor: string | null;
}

export interface PageQuery {
  /** 1 to 100; 20 when left out. */
  readonly limit?: number;
  readonly cursor?: string;
}

export type Role = 'user' | 'reviewer' | 'approver' | 'auditor' | 'admin';

/** `api`: a bearer key; `hmac`: a secret that signs requests. */
export type KeyKind = 'api' | 'hmac';

export interface CreateKey {
  readonly name: string;
  readonly kind: KeyKind;
  /** Only roles whose scopes the caller holds. */
  readonly roles: readonly Role[];
  readonly expires_at?: string;
}

export interface RotateKey {
  /** How long the secret in use goes on working, 0 to 604800; a day when left out. */
  readonly overlap_seconds?: number;
}

export interface ApiKey {
  readonly id: string;
  readonly name: string;
  readonly kind: KeyKind;
  readonly roles: readonly Role[];
  /** How the key begins; the rest is its secret. */
  readonly prefix: string;
  readonly status: 'active' | 'expired' | 'revoked';
  readonly created_at: string;
  readonly created_by: string;
  readonly expires_at: string | null;
  readonly revoked_at: string | null;
  /** Until when the secret before the last rotation works. */
  readonly previous_until: string | null;
}

export interface IssuedKey extends ApiKey {
  /** The whole key, as it is presented. Shown this once. */
  readonly secret: string;
}

/** Whether a store answers, and how fast. */
export interface StoreStatus {
  readonly available: boolean;
  readonly latency_ms: number | null;
}

/** Of a key set that tokens are checked with. */
export interface IssuerStatus {
  readonly issuer: string;
  /** The last fetch succeeded. */
  readonly available: boolean;
  readonly keys: number;
  readonly age_seconds: number | null;
}

/** Answers kept in the process that was asked, and what became of calls that one may answer, since its start. */
export interface PromptCacheStatus {
  readonly calls: 'off' | 'deterministic' | 'all';
  readonly entries: number;
  readonly bytes: number;
  readonly hit: number;
  readonly shared_hit: number;
  readonly joined: number;
  readonly miss: number;
  readonly bypassed: number;
  readonly evictions: number;
  readonly store_failures: number;
}

/** The optional fields need the scope `status:read`. */
export interface ServiceStatus {
  readonly status: 'ok' | 'degraded' | 'draining';
  readonly version: string;
  readonly uptime_seconds: number;
  /** Dependencies that a fallback stands in for. */
  readonly degraded: readonly string[];
  readonly requests?: { readonly answered: number; readonly failed: number };
  readonly sql?: StoreStatus & { readonly kind: 'pglite' | 'postgres' };
  /** `evicts`: it makes room by forgetting, so signed requests cannot rely on it. */
  readonly redis?: StoreStatus & { readonly mode: 'memory' | 'redis'; readonly evicts: boolean };
  readonly jwks?: readonly IssuerStatus[];
  readonly models?: readonly {
    readonly name: string;
    readonly state: string;
    readonly calls: number;
    readonly failures: number;
  }[];
  readonly prompt_cache?: PromptCacheStatus;
  /** What each feature does when its dependency is away. */
  readonly fail_modes?: Readonly<Record<string, string>>;
}
