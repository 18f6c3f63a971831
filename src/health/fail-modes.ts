/** What each feature does when its dependency is away; the same table as `docs/failure-modes.md`. */
export const failModes = {
  'quota without redis': 'each instance allows its share of every limit',
  'model tokens without redis': 'each instance allows its share; what calls cost is charged once it is back',
  'model tokens without sql': 'limits hold; what calls cost is recorded once it is back',
  'streams without redis': 'new streams log in memory; running ones end with an error if events were lost',
  'signed requests without redis': 'refused with 503, or each process remembers nonces for itself, as configured',
  'resume without redis': '426 for streams of the lost store',
  'streams without sql': 'running streams go on and are archived later',
  'state changes without sql': 'refused with 503, nothing half done',
  'idempotency without sql': 'requests with a key are refused with 503; others work',
  'idempotency without redis': 'keys work; retries without a key are recognised within one process',
  'api keys without sql': 'bootstrap keys work; others are refused with 503',
  'tokens without jwks': 'the last keys serve for an hour, then tokens are refused with 503',
  'streams without model': 'the stream ends with an error event',
  'readiness without redis': 'ready, degraded',
  'readiness without jwks': 'ready, degraded',
  'readiness without sql': 'not ready',
} as const;
