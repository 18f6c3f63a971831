import { Controller, Delete, Get, Injectable, Module, Param, Post } from '@nestjs/common';
import { z } from 'zod';
import { Public, RequireScope } from '#src/auth/index.js';
import { Returns } from '#src/http/index.js';
import { AppError, currentContext, Log } from '#src/kernel/index.js';

/** Words that must never leave the process. */
export const INNER_WORDS = 'inner words: /etc/passwd, select * from api_keys';

const Measure = z.object({ width: z.int(), unit: z.string() }).meta({ id: 'ProbeMeasure' });

/** Routes whose author forgot to say who may call them. */
@Controller('probe/bare')
export class BareProbe {
  @Get()
  read() {
    return { reached: true };
  }

  @Post()
  write() {
    return { reached: true };
  }

  @Delete(':id')
  remove(@Param('id') id: string) {
    return { reached: id };
  }
}

@Injectable()
export class Narrator {
  constructor(private readonly log: Log) {}

  async tell(): Promise<void> {
    await Promise.resolve();
    this.log.info({ chapter: 1 }, 'probe.told');
  }
}

/** Routes that do what a feature must not do. */
@Controller('probe')
@RequireScope('drafts:create')
export class FaultyProbe {
  constructor(private readonly narrator: Narrator) {}

  @Get('throws')
  throws(): never {
    throw new TypeError(INNER_WORDS);
  }

  @Get('throws-text')
  throwsText(): never {
    throw INNER_WORDS;
  }

  @Get('rejects')
  async rejects(): Promise<never> {
    await Promise.resolve();
    throw Object.assign(new Error(INNER_WORDS), { statusCode: 503, code: '57P01' });
  }

  @Get('borrows')
  borrows(): never {
    throw Object.assign(new Error(INNER_WORDS), { statusCode: 401 });
  }

  @Get('wraps')
  wraps(): never {
    throw new AppError('CONFLICT', 'Words for the caller', { cause: new Error(INNER_WORDS) });
  }

  @Get('talkative')
  @Returns(200, Measure)
  talkative() {
    return { width: 3, unit: 'm', secret_hash: INNER_WORDS };
  }

  @Get('misshapen')
  @Returns(200, Measure)
  misshapen() {
    return { width: INNER_WORDS, unit: 'm' };
  }

  @Get('falls-back')
  @Public()
  fallsBack() {
    const context = currentContext();
    if (context !== undefined) context.degraded = 'redis';
    return { reached: true };
  }

  @Get('logs')
  @Public()
  async logs() {
    await this.narrator.tell();
    return { told: true };
  }
}

@Module({ controllers: [BareProbe, FaultyProbe], providers: [Narrator] })
export class ProbeModule {}
