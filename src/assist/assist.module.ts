import { Module, type OnModuleDestroy } from '@nestjs/common';
import { Clock } from '#src/kernel/index.js';
import { ModelsModule } from '#src/models/index.js';
import { QuotaModule } from '#src/quota/index.js';
import { StorageModule } from '#src/storage/index.js';
import { StreamingModule } from '#src/streaming/index.js';
import { AssistController } from './assist.controller.js';
import { AssistantsController } from './assistants/assistants.controller.js';
import { Assistants } from './assistants/assistants.service.js';
import { Attachments } from './attachments/attachments.service.js';
import { PDF_TERMS, PdfReader } from './attachments/pdf/pdf-reader.service.js';
import { ChargedRuns } from './charged-runs.service.js';
import { DraftService } from './draft.service.js';
import { Drafting } from './drafting.service.js';

@Module({
  imports: [StorageModule, ModelsModule, StreamingModule, QuotaModule],
  controllers: [AssistController, AssistantsController],
  providers: [
    { provide: PdfReader, useFactory: (clock: Clock) => new PdfReader(PDF_TERMS, clock), inject: [Clock] },
    {
      provide: Attachments,
      useFactory: (pdfs: PdfReader, clock: Clock) => new Attachments(pdfs, clock),
      inject: [PdfReader, Clock],
    },
    Drafting,
    Assistants,
    ChargedRuns,
    DraftService,
  ],
})
export class AssistModule implements OnModuleDestroy {
  constructor(private readonly pdfs: PdfReader) {}

  async onModuleDestroy(): Promise<void> {
    await this.pdfs.close();
  }
}
