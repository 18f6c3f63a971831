/** Some hundreds of calls make V8 compile a function; these take two milliseconds. */
const CALLS = 3_000;

/**
 * Has the process's tick compiled before anything else is loaded. V8 learns the shape of a tick from the calls it sees,
 * and those of a hundred libraries starting up teach it so many that it gives up: every tick from then on costs three
 * times as much, which is a sixth of a request's CPU (Node 24.21, `npm run bench -- Q1`).
 */
export async function compileTicks(): Promise<void> {
  for (let call = 0; call < CALLS; call++) await new Promise<void>((resolve) => process.nextTick(resolve));
}
