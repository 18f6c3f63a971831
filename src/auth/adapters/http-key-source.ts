import type { Clock } from '#src/kernel/index.js';
import { KeySource } from '../jwt/key-source.port.js';

const TIMEOUT_MS = 3_000;
const MAX_BYTES = 256 * 1_024;

/** One GET: no redirect is followed, and reading stops at the size limit, whatever the answer says its length is. */
export class HttpKeySource extends KeySource {
  constructor(private readonly clock: Clock) {
    super();
  }

  async read(uri: string, signal: AbortSignal): Promise<Buffer> {
    const late = new AbortController();
    const stop = this.clock.after(TIMEOUT_MS, () => late.abort(new Error(`No key set within ${TIMEOUT_MS} ms`)));
    try {
      const response = await fetch(uri, {
        redirect: 'manual',
        headers: { accept: 'application/jwk-set+json, application/json', 'user-agent': 'countersign' },
        signal: AbortSignal.any([signal, late.signal]),
      });
      if (response.status === 200) return await bounded(response);
      await response.body?.cancel();
      throw new Error(`The key set was answered with status ${response.status}`);
    } finally {
      stop();
    }
  }
}

async function bounded({ body }: Response): Promise<Buffer> {
  const chunks: Uint8Array[] = [];
  let length = 0;
  for await (const chunk of body ?? []) {
    length += chunk.length;
    // Leaving the loop cancels the rest.
    if (length > MAX_BYTES) throw new Error(`The key set is larger than ${MAX_BYTES} bytes`);
    chunks.push(chunk);
  }
  return Buffer.concat(chunks);
}
