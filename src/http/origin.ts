import type { FastifyRequest } from 'fastify';

const AUTHORITY = /^[A-Za-z0-9.:[\]-]{1,255}$/;

/** Scheme and authority under which the caller reached the service; empty when the Host header is no authority. */
export const originOf = ({ protocol, host }: FastifyRequest): string =>
  AUTHORITY.test(host) ? `${protocol}://${host}` : '';
