import type { DraftInput } from '#src/models/index.js';
import { DATA_RULE, dataPrompt, listed } from './data-prompt.policy.js';

/** What a language model is told; the facts stand in `prompt`. */
export const SYSTEM = [
  'You draft decision graphs: a goal or decision, the options, and what each leads to, risks, or depends on.',
  DATA_RULE,
  '- Use only what the data says. Name at least two options when the data holds them.',
  '- Give every node a short unique id, a kind, a label, and the reason it belongs in the decision.',
  '- Edges run from cause to effect (decision to option, option to outcome or risk) and form no cycle.',
  '- A quotation is copied letter by letter from one source, at most 100 characters; source is "brief" or the id of a document.',
  '- Without such words leave the quotation out. State your confidence honestly.',
].join('\n');

/** The data of a draft as one prompt. */
export const draftPrompt = ({ brief, constraints, documents, limits }: DraftInput): string =>
  dataPrompt(`Draft a graph of at most ${limits.maxNodes} nodes and ${limits.maxEdges} edges.`, [
    { name: 'BRIEF', text: brief },
    { name: 'CONSTRAINTS', text: listed(constraints) },
    ...documents.map(({ id, kind, name, text }) => ({ name: `DOCUMENT ${JSON.stringify({ id, kind, name })}`, text })),
  ]);
