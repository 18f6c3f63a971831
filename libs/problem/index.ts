export {
  type FieldFault,
  type ProblemDocument,
  type ProblemExtensions,
  type ProblemOrigin,
  problemDocument,
} from './document.js';
export { isProblemCode, openAiCode, type ProblemCode, type ProblemRow, problems, problemType } from './problems.js';
