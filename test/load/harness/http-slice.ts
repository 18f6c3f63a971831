import { HttpLoad } from './http-load.ts';
import type { Slice } from './interleave.ts';
import type { Requests } from './requests.ts';
import type { Server } from './server.ts';
import { cpuMicroseconds } from './usage.ts';

/** Enough to keep one core busy, few enough for latencies to mean something. */
const CONNECTIONS = 20;

/** Requests as fast as they are answered: `cpu_us` is the server's own time per request. */
export async function httpSlice(server: Server, requests: Requests, connections = CONNECTIONS): Promise<Slice> {
  const load = await HttpLoad.open({ port: server.port, connections, requests });
  return async (ms) => {
    server.mustLive();
    requests.prepare();
    const before = cpuMicroseconds(server.pid);
    const { answers, seconds, p50Ms, p99Ms } = await load.slice(ms);
    const cpu = cpuMicroseconds(server.pid) - before;
    return { cpu_us: cpu / answers, per_s: answers / seconds, p50_ms: p50Ms, p99_ms: p99Ms };
  };
}
