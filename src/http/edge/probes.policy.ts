const PROBES = new Set(['/healthz', '/livez', '/health', '/readyz', '/metrics']);

/** Whether a request target asks how the process is: answered while it drains, and however often it is asked. */
export const isProbe = (url: string): boolean => PROBES.has(url.split('?', 1)[0] ?? '');
