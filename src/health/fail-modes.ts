/** What each feature does when its dependency is away; the same table as `docs/failure-modes.md`. */
export const failModes = {
  'streams without redis': 'new streams log in memory; running ones end with an error if events were lost',
  'resume without redis': '426 for streams of the lost store',
  'streams without sql': 'running streams go on and are archived later',
  'state changes without sql': 'refused with 503, nothing half done',
  'api keys without sql': 'bootstrap keys work; others are refused with 503',
  'streams without model': 'the stream ends with an error event',
  'readiness without redis': 'ready, degraded',
  'readiness without sql': 'not ready',
} as const;
