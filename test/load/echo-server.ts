import { Body, Controller, Module, Post } from '@nestjs/common';
import { z } from 'zod';
import { RequireScope } from '#src/auth/index.js';
import { Returns } from '#src/http/index.js';
import { StandardOutput, SystemClock } from '#src/kernel/index.js';
import { startOwnService } from './own-service.ts';

/** The service with one more route that does nothing itself: whatever it costs is the way in and out. */

const EchoRequest = z.strictObject({
  name: z.string().min(1).max(1_000),
  count: z.int().min(0),
  tags: z.array(z.string().max(50)).max(10),
  active: z.boolean(),
});
type EchoRequest = z.infer<typeof EchoRequest>;

const EchoView = z
  .object({ name: z.string(), count: z.int(), tags: z.array(z.string()), active: z.boolean() })
  .meta({ id: 'BenchEchoView' });

/** Decorators are applied by hand: Node strips types only. */
class EchoController {
  echo(request: EchoRequest): EchoRequest {
    return request;
  }
}
const echo = Object.getOwnPropertyDescriptor(EchoController.prototype, 'echo') ?? {};
for (const decorate of [Post('echo'), RequireScope('status:read'), Returns(200, EchoView)])
  decorate(EchoController.prototype, 'echo', echo);
Body({ schema: EchoRequest })(EchoController.prototype, 'echo', 0);
Controller('bench')(EchoController);

class EchoModule {}
Module({ controllers: [EchoController] })(EchoModule);

await startOwnService({ destination: new StandardOutput(new SystemClock()), modules: [EchoModule] });
