import { isIP, connect as plain, type Socket } from 'node:net';
import { connect as secure } from 'node:tls';
import type { buildConnector } from 'undici';
import type { Clock } from '#src/kernel/index.js';
import { UpstreamError } from '../../upstream-error.js';

/** Silence after which the network is asked whether the other side is still there. */
const PROBE_AFTER_MS = 1_000;

/**
 * Opens the connections to one origin, each within `connectMs`, TLS included. The dispatcher's own limit would run on
 * another clock, and its error could not be told from a slow answer's.
 */
export function connecting(connectMs: number, clock: Clock): buildConnector.connector {
  let session: Buffer | undefined;

  function handshake(host: string, port: number): Socket {
    const servername = isIP(host) === 0 ? host : '';
    const socket = secure({ host, port, servername, session, ALPNProtocols: ['http/1.1'] });
    return socket.on('session', (fresh) => {
      session = fresh;
    });
  }

  return ({ hostname, port, protocol }, done) => {
    const tls = protocol === 'https:';
    const socket = tls ? handshake(hostname, Number(port || 443)) : plain({ host: hostname, port: Number(port || 80) });
    const error = new UpstreamError('connect_timeout', 'The model could not be reached in time');
    const stop = clock.after(connectMs, () => socket.destroy(error));
    const failed = (error: Error) => done(error, null);
    socket
      .setNoDelay(true)
      .setKeepAlive(true, PROBE_AFTER_MS)
      .once('close', stop)
      .once('error', failed)
      .once(tls ? 'secureConnect' : 'connect', () => {
        stop();
        socket.off('error', failed);
        done(null, socket);
      });
  };
}
