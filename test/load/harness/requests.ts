export interface Call {
  readonly method: 'GET' | 'POST';
  readonly path: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
}

export const withHeaders = (call: Call, headers: Call['headers']): Call => ({
  ...call,
  headers: { ...call.headers, ...headers },
});

/** What the connections of a load send, one request after the other. */
export interface Requests {
  /** Makes ready what the next slice may need; nothing is measured meanwhile. */
  prepare(): void;
  /** `undefined` when nothing is ready any more: the slice ends there. */
  next(): Buffer | undefined;
}

/** The same request again and again. */
export function repeated(call: Call): Requests {
  const bytes = bytesOf(call);
  return { prepare: () => undefined, next: () => bytes };
}

const FIRST_COUNT = 4_096;
/** Against what the slice before used. A slice that was short of requests has twice as many the next time. */
const HEADROOM = 2;

/** Each request once: what has a nonce or a key of its own is not accepted a second time. */
export class SingleUse implements Requests {
  private readonly make: () => Call;
  private ready: Buffer[] = [];
  private count = 0;

  constructor(make: () => Call) {
    this.make = make;
  }

  /** What the slice before left over is dropped: it carries the time at which it was made. */
  prepare(): void {
    const used = this.count - this.ready.length;
    this.count = Math.max(FIRST_COUNT, used * HEADROOM);
    this.ready = Array.from({ length: this.count }, () => bytesOf(this.make()));
  }

  next(): Buffer | undefined {
    return this.ready.pop();
  }
}

function bytesOf({ method, path, headers, body }: Call): Buffer {
  const length = body === '' ? {} : { 'content-length': String(Buffer.byteLength(body)) };
  const lines = Object.entries({ host: '127.0.0.1', ...headers, ...length }).map(
    ([name, value]) => `${name}: ${value}\r\n`,
  );
  return Buffer.from(`${method} ${path} HTTP/1.1\r\n${lines.join('')}\r\n${body}`);
}
