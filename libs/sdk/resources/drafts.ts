import type { DraftStream } from '../stream/draft-stream.js';
import type { ReaderOptions } from '../stream/resuming-reader.js';
import type { RequestOptions, Transport } from '../transport.js';
import type { Draft, DraftRequest } from '../types.js';
import type { Streams } from './streams.js';

/** Decision graphs from a brief. */
export class Drafts {
  constructor(
    private readonly transport: Transport,
    private readonly streams: Streams,
  ) {}

  /**
   * Drafts a graph and answers it whole. A draft costs: after a fault that leaves open whether it ran, the answer of the first attempt is
   * asked for.
   *
   * @example
   * const { graph, issues } = await client.drafts.create({ brief: 'Should our clinic open on Saturdays? …' });
   */
  create(request: DraftRequest, options: RequestOptions = {}): Promise<Draft> {
    const call = { method: 'POST', path: 'assist/draft-graph', body: request, repeat: 'keyed' } as const;
    return this.transport.json<Draft>(call, options);
  }

  /**
   * Drafts a graph and shows it as it grows. A broken connection is resumed where it broke.
   *
   * @example
   * for await (const { event, data } of client.drafts.stream({ brief }, { signal })) {
   *   if (event === 'stage' && data.partial !== undefined) draw(data.partial);
   * }
   */
  stream(request: DraftRequest, options: ReaderOptions = {}): DraftStream {
    return this.streams.begin('assist/draft-graph/stream', request, options);
  }
}
