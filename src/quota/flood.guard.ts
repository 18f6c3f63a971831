import { Injectable } from '@nestjs/common';
import { Reflector } from '@nestjs/core';
import { ExecutionContextHost } from '@nestjs/core/helpers/execution-context-host.js';
import {
  InjectThrottlerOptions,
  InjectThrottlerStorage,
  normalizeIp,
  ThrottlerGuard,
  type ThrottlerLimitDetail,
  type ThrottlerModuleOptions,
} from '@nestjs/throttler';
import type { onRequestHookHandler } from 'fastify';
import { isProbe } from '#src/http/edge/index.js';
import { AppError, type Config } from '#src/kernel/index.js';
import { FloodStorage, WINDOW_MS } from './flood-storage.js';
import { QuotaCounts } from './quota-counts.js';

/** Bits of an IPv6 address that are one client: most get a /64 of their own. */
const IPV6_PREFIX = 64;
/** Such an address is its own name; to be told so by the throttler costs as much as the bucket. */
const PLAIN_ADDRESS = /^[0-9.]+$/;

const clientOf = (ip: string): string => (PLAIN_ADDRESS.test(ip) ? ip : normalizeIp(ip, IPV6_PREFIX));

/** A throttler for client addresses. The key is the address alone: a flood is one, whatever routes it goes to. */
export const floodOptions = ({ FLOOD_LIMIT_RPM }: Config): ThrottlerModuleOptions => ({
  throttlers: [{ ttl: WINDOW_MS, limit: FLOOD_LIMIT_RPM }],
  ipv6SubnetPrefix: IPV6_PREFIX,
  generateKey: (_context, address) => address,
  setHeaders: false,
});

/**
 * Refuses addresses that send too much. Runs as a hook of the server: the framework's guards come after the body was
 * read, and only where a route is.
 */
@Injectable()
export class FloodGuard extends ThrottlerGuard {
  constructor(
    @InjectThrottlerOptions() options: ThrottlerModuleOptions,
    @InjectThrottlerStorage() private readonly storage: FloodStorage,
    reflector: Reflector,
    private readonly counts: QuotaCounts,
  ) {
    super(options, storage, reflector);
  }

  /**
   * Whoever is below the limit is counted here: the throttler's own way there is seven promises long (4 µs of CPU, a
   * tenth of a small request). Whoever is not takes that way.
   */
  readonly onRequest: onRequestHookHandler = (request, reply, done) => {
    if (this.storage.admits(clientOf(request.ip)) || isProbe(request.url)) return done();
    const context = new ExecutionContextHost([request, reply], FloodGuard, this.onRequest);
    this.canActivate(context).then(() => done(), done);
  };

  protected override async throwThrottlingException(
    _context: ExecutionContextHost,
    { limit, timeToBlockExpire }: ThrottlerLimitDetail,
  ): Promise<void> {
    this.counts.flooded += 1;
    throw new AppError('RATE_LIMITED', `An address may send ${limit} requests a minute`, {
      retryAfterMs: timeToBlockExpire * 1_000,
      details: { limit_of: 'address' },
    });
  }
}
