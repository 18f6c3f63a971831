import type { Kind, Observed } from './observed.ts';
import type { Phase, Phases } from './phases.ts';

/** What may be answered to a kind of request in each phase. */
type Allowed = Readonly<Record<Phase, readonly string[]>>;

/** Longest that an answer may take, ms: what it may wait for Redis, and ten times as much for a busy machine. */
const ANSWER_MS = 10_000;
/** Five seconds of a lease, twelve of a reader’s patience, and the same again for a busy machine. */
const STREAM_MS = 30_000;

const always = (...answers: readonly string[]): Allowed => ({
  before: answers,
  amid: answers,
  away: answers,
  after: answers,
});

const REFUSED = ['401 REPLAY_BLOCKED', '401 SIGNATURE_SKEW'];
const UNKNOWN = '503 DEPENDENCY_UNAVAILABLE';
const ENDED = ['200 complete', '200 error DEPENDENCY_UNAVAILABLE'];
const signed: Allowed = {
  before: ['200'],
  amid: ['200', '401 SIGNATURE_SKEW', UNKNOWN],
  away: [UNKNOWN],
  after: ['200'],
};

/** `docs/failure-modes.md`, column Redis, row by row. */
const ALLOWED: Readonly<Record<Kind, Allowed>> = {
  limits: always('200'),
  capped: always('401 RESUME_TOKEN_INVALID', '429 RATE_LIMITED'),
  signed,
  'signed ahead': signed,
  replay: {
    before: ['401 REPLAY_BLOCKED'],
    amid: [...REFUSED, UNKNOWN],
    // What was dated ahead is known without Redis too.
    away: ['401 REPLAY_BLOCKED', UNKNOWN],
    after: REFUSED,
  },
  keyed: always('200'),
  repeat: always('200 again'),
  stream: { before: ['200 complete'], amid: ENDED, away: ['200 complete'], after: ['200 complete'] },
  'resume here': { before: ['200 complete'], amid: [...ENDED, '426'], away: ['200 complete'], after: ['200 complete'] },
  // Elsewhere it is found as soon as it is over, and archived.
  'resume elsewhere': {
    before: ['200 complete'],
    amid: [...ENDED, '426', 'cut off'],
    away: ['426', '200 complete'],
    after: ['200 complete'],
  },
  'late resume': {
    before: ['200 the same'],
    amid: ['200 the same', '426'],
    away: ['200 the same'],
    after: ['200 the same'],
  },
  readyz: always('200'),
  status: always('200'),
};

const STREAMS: ReadonlySet<Kind> = new Set(['stream', 'resume here', 'resume elsewhere', 'late resume']);

/** Everything that may not have been answered so, or so late; each in words. */
export function faultsOf(observed: readonly Observed[], phases: Phases): readonly string[] {
  return observed.flatMap((each) => {
    const phase = phases.of(each.judged);
    const ms = each.took.to - each.took.from;
    const faults = [
      ...(ALLOWED[each.kind][phase].includes(each.answer) ? [] : ['is not in the table']),
      ...(ms > (STREAMS.has(each.kind) ? STREAM_MS : ANSWER_MS) ? [`took ${Math.round(ms)} ms`] : []),
      ...(degradedAsItShould(each, phases) ? [] : [`says degraded "${each.degraded}"`]),
    ];
    return faults.map((fault) => `${phase}: ${each.kind} at ${each.server}: ${each.answer} ${fault}`);
  });
}

/** While nothing answers everybody is told so; as long as all is well nobody is. */
function degradedAsItShould({ took, degraded }: Observed, phases: Phases): boolean {
  const phase = phases.of(took);
  return phase === 'amid' || degraded === (phase === 'away' ? 'redis' : '');
}

/** How often what was answered, for the reader of a failure. */
export function tally(observed: readonly Observed[], phases: Phases): Readonly<Record<string, number>> {
  const counts: Record<string, number> = {};
  for (const each of observed) {
    const name = `${each.kind} · ${phases.of(each.judged)} · ${each.answer}${each.degraded === '' ? '' : ' (degraded)'}`;
    counts[name] = (counts[name] ?? 0) + 1;
  }
  return counts;
}
