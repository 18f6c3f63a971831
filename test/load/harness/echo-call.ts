import type { Call } from './requests.ts';

/** A POST of four fields, which the echo server and its peers answer with the same four. */
export const echoCall = (name: string): Call => ({
  method: 'POST',
  path: '/bench/echo',
  headers: { 'content-type': 'application/json' },
  body: JSON.stringify({ name, count: 3, tags: ['harbour', 'cranes'], active: true }),
});

export const ECHO = echoCall('A second crane');

/** Likewise, with a body of exactly so many bytes. */
export const echoOfBytes = (bytes: number): Call => echoCall('x'.repeat(bytes - echoCall('').body.length));
