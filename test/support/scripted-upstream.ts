import { once } from 'node:events';
import {
  createServer,
  type IncomingHttpHeaders,
  type IncomingMessage,
  type Server,
  type ServerResponse,
} from 'node:http';
import { parseArgs } from 'node:util';
import { drafting, sampleDraft, standard } from './scripted-upstream-scripts.ts';

// Plain node without imports of our own and without syntax that must be compiled: it also runs by itself,
// `node test/support/scripted-upstream.ts --port 0 --pace-ms 50`, for tests of a real server process.

/** One request as it arrived. Times are Unix milliseconds. */
export interface RecordedRequest {
  readonly method: string;
  readonly path: string;
  readonly headers: IncomingHttpHeaders;
  /** Parsed JSON, or the text when it is none. */
  readonly body: unknown;
  readonly receivedAt: number;
  /** When the client closed the connection before the answer was whole. */
  closedByClientAt?: number;
  /** Resolves once the connection is done with this exchange, either way. */
  readonly over: Promise<void>;
}

/** What one request is answered with. Resolves when the script has nothing more to do. */
export type Script = (request: RecordedRequest, response: ServerResponse) => Promise<void> | void;

/** A model server on loopback that behaves as told: one script a request, the last one for ever. */
export class ScriptedUpstream {
  readonly requests: RecordedRequest[] = [];
  private scripts: readonly Script[];
  private readonly server: Server;
  private readonly waiting = new Set<() => void>();

  private constructor(scripts: readonly Script[]) {
    this.scripts = scripts;
    this.server = createServer((request, response) => void this.answer(request, response));
  }

  static async start(scripts: readonly Script[], port: number): Promise<ScriptedUpstream> {
    const upstream = new ScriptedUpstream(scripts);
    upstream.server.listen(port, '127.0.0.1');
    await once(upstream.server, 'listening');
    return upstream;
  }

  get port(): number {
    const address = this.server.address();
    return typeof address === 'object' && address !== null ? address.port : 0;
  }

  /** For `OPENAI_BASE_URL`. */
  get url(): string {
    return `${this.origin}/v1`;
  }

  /** For `ANTHROPIC_BASE_URL`. */
  get origin(): string {
    return `http://127.0.0.1:${this.port}`;
  }

  /** The given request, counted from 1, as soon as it has arrived. */
  async received(count: number): Promise<RecordedRequest> {
    for (;;) {
      const request = this.requests[count - 1];
      if (request !== undefined) return request;
      await new Promise<void>((resolve) => this.waiting.add(resolve));
    }
  }

  /** Connections that are open now. */
  connections(): Promise<number> {
    return new Promise((resolve, reject) => {
      this.server.getConnections((error, count) => (error === null ? resolve(count) : reject(error)));
    });
  }

  async close(): Promise<void> {
    this.server.close();
    this.server.closeAllConnections();
    await once(this.server, 'close');
  }

  private async answer(incoming: IncomingMessage, response: ServerResponse): Promise<void> {
    const request = await record(incoming, response);
    if (request.path === '/_requests') return void response.end(JSON.stringify(this.requests));
    this.requests.push(request);
    const [script = standard({}), ...later] = this.scripts;
    if (later.length > 0) this.scripts = later;
    for (const arrived of this.waiting) arrived();
    this.waiting.clear();
    await script(request, response);
  }
}

async function record(incoming: IncomingMessage, response: ServerResponse): Promise<RecordedRequest> {
  const over = new Promise<void>((resolve) => response.once('close', resolve));
  const chunks: Buffer[] = [];
  for await (const chunk of incoming) chunks.push(chunk);
  const text = Buffer.concat(chunks).toString();
  const { method = '', url: path = '', headers } = incoming;
  const request: RecordedRequest = { method, path, headers, body: jsonOrText(text), receivedAt: Date.now(), over };
  response.once('close', () => {
    if (!response.writableFinished) request.closedByClientAt = Date.now();
  });
  return request;
}

function jsonOrText(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return text;
  }
}

/** `GET /_requests` tells a test in another process what has arrived. */
async function serve(): Promise<void> {
  const { values } = parseArgs({
    options: {
      port: { type: 'string', default: '0' },
      'pace-ms': { type: 'string', default: '20' },
      chunk: { type: 'string', default: '24' },
      nodes: { type: 'string', default: '12' },
    },
  });
  const pace = { paceMs: Number(values['pace-ms']), charactersPerChunk: Number(values.chunk) };
  const script = standard({ structured: drafting(sampleDraft(Number(values.nodes)), pace) });
  const upstream = await ScriptedUpstream.start([script], Number(values.port));
  process.stdout.write(`${JSON.stringify({ url: upstream.url, port: upstream.port })}\n`);
  process.once('SIGTERM', () => void upstream.close());
}

if (import.meta.main) await serve();
