import { Module } from '@nestjs/common';
import { JobsModule } from '#src/jobs/index.js';
import { ModelsModule } from '#src/models/index.js';
import { QuotaModule } from '#src/quota/index.js';
import { StorageModule } from '#src/storage/index.js';
import { StreamingModule } from '#src/streaming/index.js';
import { ChargedText } from './charged-text.service.js';
import { ChatController } from './chat/chat.controller.js';
import { ChatService } from './chat/chat.service.js';
import { EmbeddingsController } from './embeddings/embeddings.controller.js';
import { EmbeddingsService } from './embeddings/embeddings.service.js';
import { ModelsController } from './models/models.controller.js';
import { BackgroundRuns } from './responses/background-runs.service.js';
import { ResponseAnswers } from './responses/response-answers.service.js';
import { ResponseCalls } from './responses/response-calls.service.js';
import { ResponseJobs } from './responses/response-jobs.service.js';
import { ResponseStore } from './responses/response-store.service.js';
import { ResponseStreams } from './responses/response-streams.service.js';
import { ResponsesController } from './responses/responses.controller.js';
import { Responses } from './responses/responses.service.js';

/** What clients of the OpenAI API speak to. */
@Module({
  imports: [StorageModule, JobsModule, ModelsModule, StreamingModule, QuotaModule],
  controllers: [ModelsController, EmbeddingsController, ChatController, ResponsesController],
  providers: [
    ...[ChargedText, ChatService, EmbeddingsService],
    ...[BackgroundRuns, ResponseCalls, ResponseAnswers, ResponseStreams, Responses, ResponseStore, ResponseJobs],
  ],
})
export class OpenAiModule {}
