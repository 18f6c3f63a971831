import 'reflect-metadata';
import { Body, Controller, Get, HttpCode, Module, Post } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import { FastifyAdapter, type NestFastifyApplication } from '@nestjs/platform-fastify';

/** Nest on Fastify with two JSON routes and nothing else. Decorators are applied by hand: Node strips types only. */
class Health {
  live(): object {
    return { status: 'ok', version: '0.1.0+1a2b3c4', uptime_seconds: Math.round(performance.now()) / 1_000 };
  }
}
const live = Object.getOwnPropertyDescriptor(Health.prototype, 'live') ?? {};
Get('healthz')(Health.prototype, 'live', live);
Controller()(Health);

class Echo {
  echo(body: object): object {
    return body;
  }
}
const echo = Object.getOwnPropertyDescriptor(Echo.prototype, 'echo') ?? {};
Post('echo')(Echo.prototype, 'echo', echo);
HttpCode(200)(Echo.prototype, 'echo', echo);
Body()(Echo.prototype, 'echo', 0);
Controller('bench')(Echo);

class Bare {}
Module({ controllers: [Health, Echo] })(Bare);

const app = await NestFactory.create<NestFastifyApplication>(Bare, new FastifyAdapter(), { logger: false });
await app.listen(Number(process.env['PORT']), '127.0.0.1');
process.on('SIGTERM', () => process.exit(0));
