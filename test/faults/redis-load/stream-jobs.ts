import { setTimeout as delay } from 'node:timers/promises';
import { diffEvents, type StreamEvent } from '#libs/sse/index.js';
import { isFinished, readStream, tokenOf } from '../../support/stream-client.ts';
import { callers } from './callers.ts';
import type { Job } from './load.ts';
import { degradedOf, HANG_MS, type Kind, type Observed } from './observed.ts';
import { SLOWLY, type World } from './world.ts';

const DRAFT = '/assist/draft-graph';
const BRIEF = JSON.stringify({ brief: `Should the ferry line order two electric boats ${SLOWLY}, or refit the old?` });

/** A stream that is read, or was. */
interface Stream {
  readonly server: number;
  readonly caller: Record<string, string>;
  readonly from: number;
  readonly events: StreamEvent[];
  to: number;
}

interface Reading {
  readonly kind: Kind;
  readonly server: number;
  readonly path: string;
  readonly headers: Record<string, string>;
  /** Gets every event that came, also of a connection that broke. */
  readonly events: StreamEvent[];
}

/** Streams, and resumes of them while they run and when they are over. */
export class StreamJobs {
  private readonly running: Stream[] = [];
  private readonly finished: Stream[] = [];

  constructor(
    private readonly world: World,
    private readonly run: number,
  ) {}

  readonly stream: Job = async (server, turn) => {
    const caller = callers.streamer(this.run, turn);
    const stream: Stream = { server, caller, from: performance.now(), events: [], to: 0 };
    this.running.push(stream);
    const { events } = stream;
    const headers = { ...caller, 'content-type': 'application/json' };
    const seen = await this.read({ kind: 'stream', server, path: `${DRAFT}/stream`, headers, events }, BRIEF);
    this.running.splice(this.running.indexOf(stream), 1);
    stream.to = performance.now();
    if (events.at(-1)?.event === 'complete') this.finished.push(stream);
    return [{ ...seen, answer: ended(seen.answer, events) }];
  };

  /** From where its first reader is now, to the end; where it runs. */
  readonly resumeHere: Job = (server) => this.resumeRunning('resume here', server, server);

  /** The same at the other server. */
  readonly resumeElsewhere: Job = (server) => this.resumeRunning('resume elsewhere', server, 1 - server);

  private async resumeRunning(kind: Kind, server: number, home: number): Promise<readonly Observed[]> {
    const stream = this.running.findLast(({ server, events }) => server === home && tokenOf(events) !== undefined);
    if (stream === undefined) return [];
    const events = [...stream.events];
    const seen = await this.resume({ kind, server, events }, stream, String(events.at(-1)?.seq));
    return [{ ...seen, answer: ended(seen.answer, events), judged: { from: stream.from, to: seen.took.to } }];
  }

  /** All of it once more; what counts is how Redis was while it ran. */
  readonly resumeFinished: Job = async (server, turn) => {
    const stream = this.finished[(turn * 7) % this.finished.length];
    if (stream === undefined) return [];
    const events: StreamEvent[] = [];
    const seen = await this.resume({ kind: 'late resume', server, events }, stream, '0');
    const answer =
      events.length > 0 && diffEvents(events, stream.events) === undefined ? 'the same' : ended('', events);
    return [{ ...seen, answer: `${seen.answer} ${answer}`.trim(), judged: { from: stream.from, to: stream.to } }];
  };

  private resume(reading: Pick<Reading, 'kind' | 'server' | 'events'>, { caller, events }: Stream, after: string) {
    const headers = { ...caller, 'x-resume-token': tokenOf(events) ?? '', 'last-event-id': after };
    return this.read({ ...reading, path: `${DRAFT}/resume`, headers }, null);
  }

  private async read({ kind, server, path, headers, events }: Reading, body: string | null): Promise<Observed> {
    const from = performance.now();
    let degraded: string | undefined;
    const onAnswer = (answered: Headers): void => {
      degraded = degradedOf(answered);
    };
    const onEvent = (event: StreamEvent) => events.push(event);
    const init = { method: 'POST', headers, body };
    const reading = readStream(`${this.world.servers[server]?.url}${path}`, init, { onAnswer, onEvent });
    const hung = new AbortController();
    const answer = await Promise.race([
      reading.then(
        ({ status }) => String(status),
        (cause: unknown) => (degraded === undefined ? `no answer: ${cause}` : 'cut off'),
      ),
      delay(HANG_MS, 'hung', { signal: hung.signal }),
    ]);
    hung.abort();
    const took = { from, to: performance.now() };
    return { kind, server, answer, degraded: degraded ?? '', took, judged: took };
  }
}

/** With the word a stream ended in, if it did. */
function ended(answer: string, events: readonly StreamEvent[]): string {
  const last = events.at(-1);
  if (!answer.startsWith('2') || last === undefined) return answer;
  if (!isFinished(events)) return `${answer} without an end`;
  const { code } = JSON.parse(last.data) as { readonly code?: string };
  return [answer, last.event, code].filter((word) => word !== undefined && word !== '').join(' ');
}
