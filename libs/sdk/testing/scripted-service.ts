import { type ProblemCode, problemDocument } from '#libs/problem/index.js';
import {
  encodeEvent,
  encodeRetry,
  extendHash,
  HEARTBEAT,
  initialHash,
  type KeySet,
  type Receipt,
  type StreamEvent,
  signedText,
  toHex,
} from '#libs/sse/index.js';

type SigningKey = Parameters<typeof crypto.subtle.sign>[1];

/** One request as it arrived. */
export interface SeenRequest {
  readonly method: string;
  readonly path: string;
  readonly headers: Headers;
  readonly body: string | undefined;
  readonly signal: AbortSignal | undefined;
}

/** What one connection of the stream does; everything left out is as it should be. */
export interface Script {
  /** In place of an event stream; a thrown value is a network fault. */
  readonly answer?: () => Response | Promise<Response>;
  /** Changes the events this connection sends. */
  readonly events?: (events: readonly StreamEvent[]) => readonly StreamEvent[];
  /** How it ends: as a server ends it, as a cut line does, or never. */
  readonly end?: 'closed' | 'broken' | 'silent';
}

export const STREAM_ID = 'strm_0190c0de-0000-7000-8000-000000000001';
const KEY_ID = 'key-1';
const utf8 = new TextEncoder();

export const problemResponse = (
  code: ProblemCode,
  status: number,
  headers: Readonly<Record<string, string>>,
): Response =>
  Response.json(problemDocument(code, 'Told by the test', { requestId: 'req-12345678', traceId: 't' }), {
    status,
    headers,
  });

/** A Countersign service that does what a test says, with real hashes and signatures. */
export class ScriptedService {
  readonly requests: SeenRequest[] = [];
  keys: KeySet;

  private constructor(
    private readonly log: readonly StreamEvent[],
    keys: KeySet,
    private readonly scripts: Script[],
  ) {
    this.keys = keys;
  }

  /** @param scripts one a connection, in order; connections after them are without fault */
  static async with(
    events: readonly Omit<StreamEvent, 'seq'>[],
    last: Readonly<Record<string, unknown>> & { readonly event: 'complete' | 'error' },
    ...scripts: readonly Script[]
  ): Promise<ScriptedService> {
    const log = events.map((event, at) => ({ seq: at + 1, ...event }));
    const pair = await crypto.subtle.generateKey('Ed25519', true, ['sign', 'verify']);
    if (!('privateKey' in pair)) throw new Error('Ed25519 keys come in pairs');
    const { x = '' } = await crypto.subtle.exportKey('jwk', pair.publicKey);
    const { event, ...data } = last;
    const receipt = 'receipt' in data ? data['receipt'] : await receiptOver(log, pair.privateKey);
    const terminal = { seq: log.length + 1, event, data: JSON.stringify({ ...data, receipt }) };
    const keys = { keys: [{ kid: KEY_ID, kty: 'OKP', crv: 'Ed25519', x }] };
    return new ScriptedService([...log, terminal], keys, [...scripts]);
  }

  /** Everything the stream consists of. */
  get events(): readonly StreamEvent[] {
    return this.log;
  }

  /** Requests that opened or resumed the stream. */
  get openings(): readonly SeenRequest[] {
    return this.requests.filter(({ path }) => /\/(stream|resume|events)$/.test(path));
  }

  readonly fetch = async (url: string, init: RequestInit): Promise<Response> => {
    const { pathname } = new URL(url);
    const headers = new Headers(init.headers);
    const body = typeof init.body === 'string' ? init.body : undefined;
    const request = { method: init.method ?? 'GET', path: pathname, headers, body, signal: init.signal ?? undefined };
    this.requests.push(request);
    if (init.signal?.aborted === true) throw init.signal.reason;
    if (pathname === '/.well-known/countersign-keys.json') return Response.json(this.keys);
    if (request.method === 'DELETE') return Response.json({ id: STREAM_ID, status: 'cancelling' });
    return this.connect(request);
  };

  private async connect({ headers, signal }: SeenRequest): Promise<Response> {
    const script = this.scripts.shift() ?? {};
    if (script.answer !== undefined) return script.answer();
    const after = Number(headers.get('last-event-id') ?? 0);
    const missing = this.log.filter(({ seq }) => seq > after);
    const sent = script.events === undefined ? missing : script.events(missing);
    const body = bodyOf([encodeRetry(2_000), HEARTBEAT, ...sent.map(encodeEvent)], script.end ?? 'closed', signal);
    return new Response(body, {
      headers: { 'content-type': 'text/event-stream; charset=utf-8', 'x-stream-id': STREAM_ID },
    });
  }
}

/** One piece a pull, so that a slow reader holds the rest back. */
function bodyOf(
  texts: readonly string[],
  end: NonNullable<Script['end']>,
  signal: AbortSignal | undefined,
): ReadableStream<Uint8Array<ArrayBuffer>> {
  const rest = [...texts];
  return new ReadableStream({
    start(controller) {
      signal?.addEventListener('abort', () => controller.error(signal.reason));
    },
    pull(controller) {
      const text = rest.shift();
      if (text !== undefined) controller.enqueue(utf8.encode(text));
      else if (end === 'closed') controller.close();
      else if (end === 'broken') controller.error(new TypeError('terminated'));
      else return new Promise(() => undefined);
      return undefined;
    },
  });
}

async function receiptOver(log: readonly StreamEvent[], key: SigningKey): Promise<Receipt> {
  let hash = await initialHash(STREAM_ID);
  for (const event of log) hash = await extendHash(hash, event);
  const root = toHex(hash);
  const signed = await crypto.subtle.sign('Ed25519', key, utf8.encode(signedText(STREAM_ID, log.length, root)));
  const signature = Buffer.from(signed).toString('base64url');
  return { count: log.length, root, key_id: KEY_ID, signature };
}
