import type { Fetch } from '#libs/sdk/shapes.js';

/** What a line that breaks has to tell. */
export interface LineEvents {
  readonly broken: () => void;
  readonly resumed: (request: { readonly method: string; readonly path: string; readonly headers: Headers }) => void;
}

/** A fetch whose first stream breaks after some events; every later one is left alone. */
export function breakingFetch(afterEvents: number, events: LineEvents): Fetch {
  let brokenOnce = false;
  return async (url, init) => {
    const headers = new Headers(init.headers);
    if (headers.has('last-event-id')) {
      events.resumed({ method: init.method ?? 'GET', path: new URL(url).pathname, headers });
    }
    const response = await fetch(url, init);
    const streaming = response.headers.get('content-type')?.startsWith('text/event-stream') === true;
    if (brokenOnce || !streaming || response.body === null) return response;
    brokenOnce = true;
    return new Response(cut(response.body.getReader(), afterEvents, events.broken), response);
  };
}

/** Lets some whole events pass, then destroys the connection. */
function cut(
  reader: ReadableStreamDefaultReader<Uint8Array>,
  afterEvents: number,
  broken: () => void,
): ReadableStream<Uint8Array> {
  let left = afterEvents;
  let rest = '';
  const source = {
    async pull(controller: ReadableStreamDefaultController<Uint8Array>): Promise<void> {
      if (left === 0) {
        await reader.cancel();
        broken();
        controller.error(new TypeError('the line was cut'));
        return;
      }
      const { done, value } = await reader.read();
      if (done) {
        controller.close();
        return;
      }
      const blocks = (rest + Buffer.from(value).toString('latin1')).split(/(?<=\n\n)/);
      rest = blocks.at(-1)?.endsWith('\n\n') === true ? '' : (blocks.pop() ?? '');
      controller.enqueue(Buffer.from(blocks.filter(passes).join(''), 'latin1'));
    },
    cancel: (reason: unknown) => reader.cancel(reason),
  };
  // Nothing is read ahead, so that the line breaks when the reader is there, not before.
  return new ReadableStream(source, { highWaterMark: 0 });

  /** Heartbeats and `retry:` are no events. */
  function passes(block: string): boolean {
    if (left === 0) return false;
    if (block.startsWith('id:')) left -= 1;
    return true;
  }
}
