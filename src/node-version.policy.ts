/** Major version of Node.js that the service is written for and tested on. */
export const NEEDED_NODE = 24;

/**
 * What is wrong with the Node.js that runs this, in one line; `undefined` when nothing is. Imports nothing, because it has to
 * run where the rest of the service may not even load.
 *
 * @param version e.g. `24.21.0`
 */
export function nodeFault(version: string): string | undefined {
  if (Number.parseInt(version, 10) >= NEEDED_NODE) return undefined;
  return `Countersign needs Node.js ${NEEDED_NODE} or newer, and this is ${version}. "npm start" brings the right one along.`;
}
