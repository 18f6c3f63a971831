import type { CallMeter } from './call-meter.js';
import type { Done, Progress } from './provider.port.js';

/** An event that says what its call has cost. */
export type Metered = Done | { readonly type: 'partial' | 'delta' | 'tool_delta'; readonly used: Progress['used'] };

/** For whom a model is called, who counts what it costs, and when it stops. */
export interface ModelCall {
  readonly tenantId: string;
  readonly meter: CallMeter;
  readonly signal: AbortSignal;
}

/** Passes the events of one call on, each once what it cost is counted. Ends the call where its meter says so. */
export async function* metered<T extends Metered>(
  events: AsyncIterable<T | Progress>,
  { meter, signal }: ModelCall,
): AsyncGenerator<T> {
  // Also when the reader leaves.
  let how: Parameters<CallMeter['stop']>[0] = 'cancelled';
  try {
    for await (const event of events) {
      if (event.type === 'done') await meter.end(event.usage, event.model);
      else {
        const room = meter.grow(event.used);
        if (room !== undefined) await room;
      }
      if (event.type !== 'progress') yield event;
    }
  } catch (error) {
    if (!signal.aborted) how = 'failed';
    throw error;
  } finally {
    await meter.stop(how);
  }
}
