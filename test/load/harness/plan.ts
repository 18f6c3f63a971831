/** How long and how often a row is measured. */
export interface Plan {
  /** Times every process is started anew. */
  readonly starts: number;
  /** Rounds of one start; each round measures every variant once. */
  readonly rounds: number;
  readonly sliceMs: number;
  /** Slices of each variant that do not count, so that the compiler is done. A large program needs seconds. */
  readonly warmUps: number;
  /** Server on core 0, load on core 1. */
  readonly pinned: boolean;
  /** Servers write a CPU profile to `.bench/profiles` when they stop. */
  readonly profiled: boolean;
}

type Length = Pick<Plan, 'starts' | 'rounds' | 'sliceMs' | 'warmUps'>;

/** What a figure that is quoted somewhere needs: starts differ by 8 %, and longer slices mislead. */
export const FULL: Length = { starts: 3, rounds: 7, sliceMs: 1_000, warmUps: 5 };

/** Shows that a row runs; its figures mean little. */
export const QUICK: Length = { starts: 1, rounds: 2, sliceMs: 300, warmUps: 3 };
