/** How long the service asks to wait, from `retry-after-ms` or `Retry-After` (seconds or a date); ms. */
export function retryAfterMs(headers: Headers, now: number): number | undefined {
  const precise = numberIn(headers.get('retry-after-ms'));
  if (precise !== undefined) return precise;
  const header = headers.get('retry-after');
  const seconds = numberIn(header);
  if (seconds !== undefined) return seconds * 1_000;
  const date = header === null ? Number.NaN : Date.parse(header);
  return Number.isNaN(date) ? undefined : Math.max(0, date - now);
}

/** `x-should-retry`: what the service thinks of trying again. */
export function shouldRetryOf(headers: Headers): boolean | undefined {
  const header = headers.get('x-should-retry');
  if (header === 'true') return true;
  return header === 'false' ? false : undefined;
}

function numberIn(text: string | null): number | undefined {
  return text !== null && /^\d{1,12}(\.\d{1,6})?$/.test(text.trim()) ? Number(text) : undefined;
}
