import { Degradation, loadConfig } from '#src/kernel/index.js';
import { CacheCounts } from '#src/models/cache/cache-counts.js';
import { type CacheTerms, cacheTerms } from '#src/models/cache/cache-terms.js';
import { PromptCache } from '#src/models/cache/prompt-cache.js';
import { ModelTraffic } from '#src/models/model-traffic.js';
import { Models } from '#src/models/models.service.js';
import { RedactionPolicies } from '#src/models/redaction/redaction-policies.js';
import type { RedactionFile } from '#src/models/redaction/redaction-policy.schema.js';
import { TrafficRedaction } from '#src/models/redaction/traffic-redaction.js';
import { MemoryHot } from '#src/storage/adapters/memory-hot.js';
import type { Hot } from '#src/storage/index.js';
import { FakeClock } from './fake-clock.ts';
import { QuietLog } from './quiet-log.ts';
import { RecordingMeter } from './recording-meter.ts';
import { ScriptedModel } from './scripted-model.ts';

export interface ModelWorldOptions {
  readonly redaction?: RedactionFile;
  readonly detectors?: ConstructorParameters<typeof TrafficRedaction>[1];
  readonly cache?: Partial<CacheTerms>;
  readonly hot?: Hot;
  readonly model?: ScriptedModel;
}

const OFF: RedactionFile = { default: { direction: 'off', mode: 'standard' }, tenants: {} };
const MEMORY = { valueBytes: 1_048_576, logBytes: 1_048_576 };

/** Models with everything that stands before them, over a scripted one. */
export function modelWorld({ redaction = OFF, detectors, cache, hot, model = new ScriptedModel() }: ModelWorldOptions) {
  const clock = new FakeClock();
  const log = new QuietLog();
  const counts = new CacheCounts();
  const terms: CacheTerms = { ...cacheTerms(loadConfig({}, () => undefined)), calls: 'off', ...cache };
  const store = hot ?? new MemoryHot(clock, log, MEMORY);
  const promptCache = new PromptCache({ hot: store, clock, counts, terms });
  const traffic = new ModelTraffic(new TrafficRedaction(new RedactionPolicies(redaction), detectors), promptCache);
  const models = new Models([model], clock, new Degradation(), log, { traffic });
  const callOf = (tenantId = 'acme', signal: AbortSignal = new AbortController().signal) => ({
    tenantId,
    meter: new RecordingMeter(),
    signal,
  });
  return { clock, model, models, counts, callOf, promptCache };
}
