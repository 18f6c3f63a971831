import { HttpLoad, type LoadFigures } from './http-load.ts';
import type { Slice } from './interleave.ts';
import type { Requests } from './requests.ts';
import type { Server } from './server.ts';
import { cpuMicroseconds } from './usage.ts';

/** Enough to keep one core busy, few enough for latencies to mean something. */
const CONNECTIONS = 20;

/** How long after a slice the last answers of a server that loses some are waited for. */
const GRACE_MS = 2_000;

/**
 * The same of a server that may never answer a request: each slice has connections of its own, and what is not answered
 * in time is left out.
 */
export function forgivingSlice(server: Server, requests: Requests, connections = CONNECTIONS): Slice {
  return async (ms) => {
    const load = await HttpLoad.open({ port: server.port, connections, requests });
    const late = setTimeout(() => load.giveUp(), ms + GRACE_MS);
    try {
      return await measured(server, requests, () => load.slice(ms));
    } finally {
      clearTimeout(late);
      load.close();
    }
  };
}

/** Requests as fast as they are answered: `cpu_us` is the server's own time per request. */
export async function httpSlice(server: Server, requests: Requests, connections = CONNECTIONS): Promise<Slice> {
  const load = await HttpLoad.open({ port: server.port, connections, requests });
  return (ms) => measured(server, requests, () => load.slice(ms));
}

async function measured(server: Server, requests: Requests, slice: () => Promise<LoadFigures>) {
  server.mustLive();
  requests.prepare();
  const before = cpuMicroseconds(server.pid);
  const { answers, seconds, p50Ms, p99Ms } = await slice();
  const cpu = cpuMicroseconds(server.pid) - before;
  return { cpu_us: cpu / answers, per_s: answers / seconds, p50_ms: p50Ms, p99_ms: p99Ms };
}
