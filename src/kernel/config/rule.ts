import type { Environment } from './environment.schema.js';

export type Variable = keyof Environment;

/** Reads the text of a file; `undefined` when it cannot be read. */
export type ReadText = (path: string) => string | undefined;

/** What a rule may ask besides the variables that it reads. */
export interface Surroundings {
  /** Whether a variable was set, be it well or badly. */
  readonly given: (name: Variable) => boolean;
  readonly readText: ReadText;
}

/** One thing that must hold among variables which are well written each for itself. */
export interface Rule<N extends Variable = Variable> {
  /** When one of them is named as malformed, the rule says nothing: its word would be about the same mistake. */
  readonly reads: readonly N[];
  /** One line a fault, naming the variable; values never shown. Empty when it holds. */
  readonly faults: (env: Pick<Environment, N>, around: Surroundings) => readonly string[];
}

export const rule = <N extends Variable>(reads: readonly N[], faults: Rule<N>['faults']): Rule<N> => ({
  reads,
  faults,
});
