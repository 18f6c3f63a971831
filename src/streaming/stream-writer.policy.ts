const NAME = /^[a-z][a-z0-9_.]{0,63}$/;
/** Written by the service itself, beside the events that end a log. */
const RESERVED = new Set(['resume', 'gap']);
/** Largest event, UTF-16 units of its JSON. */
const MAX_EVENT_LENGTH = 4_194_304;

/**
 * The one line of JSON an event carries.
 *
 * @throws {TypeError} for a name no event may have, and for data that JSON cannot express
 * @throws {RangeError} for more than 4 MiB
 */
export function eventData(event: string, data: unknown, endings: ReadonlySet<string>): string {
  if (!NAME.test(event) || RESERVED.has(event) || endings.has(event))
    throw new TypeError(`No event may be called ${JSON.stringify(event)}`);
  const text: string | undefined = JSON.stringify(data);
  if (text === undefined) throw new TypeError('The data of an event has no JSON form');
  if (text.length > MAX_EVENT_LENGTH) throw new RangeError(`An event has at most ${MAX_EVENT_LENGTH} characters`);
  return text;
}

/** How far the work is: what a stage event says, else the name of the event. */
export function stepOf(event: string, data: unknown): string {
  if (typeof data !== 'object' || data === null || !('stage' in data)) return event;
  return typeof data.stage === 'string' ? data.stage : event;
}
