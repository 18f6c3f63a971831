import { z } from 'zod';
import { Secret } from '../../secret.js';
import { hasRedisDatabase, isDecodable, isReadableByPg } from './address.policy.js';
import { flag, positive } from './text.schema.js';

export const storage = {
  DATA_DIR: z
    .string()
    .min(1)
    .default('./.countersign')
    .describe('Where the embedded database and local credentials live'),
  DATABASE_URL: z
    .url({ protocol: /^postgres(ql)?$/ })
    .refine(isReadableByPg, 'holds % escapes that are no text')
    .transform((text) => new Secret(text))
    .optional()
    .describe('PostgreSQL 15 or newer; embedded storage in DATA_DIR when left out'),
  DATABASE_POOL_SIZE: positive.max(200).default(10).describe('Connections to PostgreSQL of one process'),
  DATABASE_TIMEOUT: positive.default(2_000).describe('Longest wait for PostgreSQL, ms'),
  REDIS_URL: z
    .url({ protocol: /^rediss?$/ })
    .refine(isDecodable, 'holds % escapes that are no text')
    .refine(hasRedisDatabase, 'the database is not a number')
    .transform((text) => new Secret(text))
    .optional()
    .describe(
      'Redis 7 or newer, which must not evict (maxmemory-policy noeviction); in-process hot state when left out',
    ),
  REDIS_CLUSTER: flag.default(false).describe('REDIS_URL names a node of a Redis Cluster'),
  REDIS_TLS: flag.default(false).describe('Speak TLS to Redis'),
  REDIS_NAMESPACE: z
    .string()
    .regex(/^[a-z0-9-]{1,32}$/)
    .default('countersign')
    .describe('First part of every Redis key'),
  REDIS_CONNECT_TIMEOUT: positive.default(2_000).describe('Longest wait for a connection to Redis, ms'),
  REDIS_COMMAND_TIMEOUT: positive.default(500).describe('Longest wait for an answer of Redis, ms'),
};
