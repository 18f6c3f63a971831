import { Injectable, type OnModuleDestroy, type OnModuleInit } from '@nestjs/common';
import { Clock, type Stop } from '#src/kernel/index.js';
import { KeyRecords } from './records.port.js';

const SWEEP_MS = 600_000;

/** Keeps the table of keys from growing for ever. */
@Injectable()
export class RecordSweeper implements OnModuleInit, OnModuleDestroy {
  private stop: Stop | undefined;

  constructor(
    private readonly records: KeyRecords,
    private readonly clock: Clock,
  ) {}

  onModuleInit(): void {
    // What cannot be deleted now is deleted next time; nothing reads it meanwhile.
    this.stop = this.clock.every(SWEEP_MS, () => void this.records.sweep().catch(() => undefined));
  }

  onModuleDestroy(): void {
    this.stop?.();
  }
}
