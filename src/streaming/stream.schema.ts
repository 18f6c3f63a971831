import { z } from 'zod';

/** What became of a stream that was asked to stop. */
export const StreamView = z
  .object({
    id: z.string().describe('The stream'),
    status: z
      .enum(['cancelling', 'completed', 'failed', 'cancelled'])
      .describe('cancelling: the run was told to stop and its last event follows; otherwise how it had ended already'),
  })
  .meta({ id: 'Stream' });
export type StreamView = z.infer<typeof StreamView>;
