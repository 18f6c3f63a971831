export {
  type RedactionCounts,
  type RedactionKind,
  type RedactionMode,
  redactionKinds,
  redactionModes,
} from './kinds.js';
export { createRedactor, type Redaction, type Redactor, type ValueOptions, type ValueRedaction } from './redactor.js';
export { createStreamRedactor, type StreamRedactor } from './stream.js';
