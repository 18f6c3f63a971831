import { createHash, timingSafeEqual } from 'node:crypto';
import { BlockList, isIPv6 } from 'node:net';
import { Inject, Injectable } from '@nestjs/common';
import { AppError, CONFIG, type Config } from '#src/kernel/index.js';

const digest = (text: string): Buffer => createHash('sha256').update(text).digest();

const loopback = new BlockList();
loopback.addSubnet('127.0.0.0', 8, 'ipv4');
loopback.addAddress('::1', 'ipv6');

/** Who may read the metrics: the bearer of METRICS_TOKEN, or a caller on this machine when none is set. */
@Injectable()
export class MetricsAccess {
  private readonly expected: Buffer | undefined;

  constructor(@Inject(CONFIG) { METRICS_TOKEN }: Config) {
    this.expected = METRICS_TOKEN === undefined ? undefined : digest(`Bearer ${METRICS_TOKEN.reveal()}`);
  }

  /** @param address of the socket itself: a proxy's header proves nothing here */
  require(authorization: string | undefined, address: string | undefined): void {
    if (this.expected === undefined) {
      if (address === undefined || !isLoopback(address))
        throw new AppError('FORBIDDEN', 'Set METRICS_TOKEN to read from afar');
      return;
    }
    if (authorization === undefined) throw new AppError('UNAUTHENTICATED');
    if (!timingSafeEqual(digest(authorization), this.expected)) throw new AppError('TOKEN_INVALID');
  }
}

const isLoopback = (address: string): boolean => loopback.check(address, isIPv6(address) ? 'ipv6' : 'ipv4');
