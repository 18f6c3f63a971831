import { readdirSync, readFileSync } from 'node:fs';

/**
 * CPU time of a process in µs, user and system, all threads that still live. From the scheduler's own nanoseconds
 * (`/proc/<pid>/task/<tid>/schedstat`), as `/proc/<pid>/stat` counts in steps of 10 ms.
 */
export function cpuMicroseconds(pid: number): number {
  const nanoseconds = readdirSync(`/proc/${pid}/task`).map((thread) => {
    const [running = ''] = readFileSync(`/proc/${pid}/task/${thread}/schedstat`, 'utf8').split(' ');
    return Number(running);
  });
  return nanoseconds.reduce((sum, each) => sum + each, 0) / 1_000;
}

/** Resident memory of a process in MiB. */
export function residentMebibytes(pid: number): number {
  const line = /^VmRSS:\s+(\d+) kB$/m.exec(readFileSync(`/proc/${pid}/status`, 'utf8'));
  return Number(line?.[1]) / 1_024;
}
