import { HttpLoad, type LoadTarget } from './http-load.ts';
import type { Slice } from './interleave.ts';
import type { Server } from './server.ts';
import { cpuMicroseconds } from './usage.ts';

/** Enough to keep one core busy, few enough for latencies to mean something. */
const CONNECTIONS = 20;

export type Call = Pick<LoadTarget, 'method' | 'path' | 'headers' | 'body'>;

/** One request, repeated: `cpu_us` is the server's own time per request. */
export async function httpSlice(server: Server, call: Call): Promise<Slice> {
  const load = await HttpLoad.open({ ...call, port: server.port, connections: CONNECTIONS });
  return async (ms) => {
    server.mustLive();
    const before = cpuMicroseconds(server.pid);
    const { requests, seconds, p50Ms, p99Ms } = await load.slice(ms);
    const cpu = cpuMicroseconds(server.pid) - before;
    return { cpu_us: cpu / requests, per_s: requests / seconds, p50_ms: p50Ms, p99_ms: p99Ms };
  };
}
