import { Module } from '@nestjs/common';
import { RedactionsController } from './redactions.controller.js';

@Module({ controllers: [RedactionsController] })
export class EvidenceModule {}
