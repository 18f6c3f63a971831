import type { Hot } from '#src/storage/index.js';

export type AppendOutcome = Awaited<ReturnType<Hot['append']>>;
export type LogSlice = NonNullable<Awaited<ReturnType<Hot['readLog']>>>;
export type LogHead = LogSlice['head'];
