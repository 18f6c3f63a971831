import type { ChildProcess } from 'node:child_process';
import { RunFailed } from './row.ts';

/** A stream under way: it has its first events, and its producer lives on. */
export interface Producer {
  readonly streamId: string;
  /** Writes events one after the other, as fast as the log takes them, for this long; answers the number of the last. */
  run(ms: number): Promise<number>;
}

type Command =
  | { readonly kind: 'open'; readonly events: number }
  | { readonly kind: 'run'; readonly streamId: string; readonly ms: number };

interface Made {
  readonly streamId: string;
  readonly events: number;
}

type Reply = { readonly seq: number } & ({ readonly made: Made } | { readonly error: string });

let lastSeq = 0;

/** Opens a stream of `events` events in a child process that serves producers. */
export async function openIn(child: ChildProcess, events: number): Promise<Producer> {
  const { streamId } = await ask(child, { kind: 'open', events });
  const run = async (ms: number): Promise<number> => (await ask(child, { kind: 'run', streamId, ms })).events;
  return { streamId, run };
}

/** The other side of {@link openIn}: what the child process does. */
export function serveProducers(open: (events: number) => Promise<Producer>): void {
  const producers = new Map<string, Producer>();
  const carryOut = async (command: Command): Promise<Made> => {
    if (command.kind === 'open') {
      const producer = await open(command.events);
      producers.set(producer.streamId, producer);
      return { streamId: producer.streamId, events: command.events };
    }
    const { streamId, ms } = command;
    const producer = producers.get(streamId);
    if (producer === undefined) throw new Error('No such stream');
    producers.delete(streamId);
    return { streamId, events: await producer.run(ms) };
  };
  const reply = (message: Reply): unknown => process.send?.(message);
  process.on('message', ({ seq, command }: { seq: number; command: Command }) => {
    carryOut(command).then(
      (made) => reply({ seq, made }),
      (error: unknown) => reply({ seq, error: String(error) }),
    );
  });
}

/** A child's failure is ours. */
function ask(child: ChildProcess, command: Command): Promise<Made> {
  lastSeq += 1;
  const seq = lastSeq;
  return new Promise((resolve, reject) => {
    const ended = (): void => reject(new RunFailed(`The producer ended during ${command.kind}`));
    const listen = (reply: Reply): void => {
      if (reply.seq !== seq) return;
      child.off('message', listen).off('exit', ended);
      if ('made' in reply) resolve(reply.made);
      else reject(new RunFailed(`${command.kind} failed: ${reply.error}`));
    };
    child.on('message', listen).once('exit', ended);
    child.send({ seq, command });
  });
}
