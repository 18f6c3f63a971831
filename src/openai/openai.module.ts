import { Module } from '@nestjs/common';
import { ModelsModule } from '#src/models/index.js';
import { QuotaModule } from '#src/quota/index.js';
import { StreamingModule } from '#src/streaming/index.js';
import { ChargedText } from './charged-text.service.js';
import { ChatController } from './chat/chat.controller.js';
import { ChatService } from './chat/chat.service.js';
import { EmbeddingsController } from './embeddings/embeddings.controller.js';
import { EmbeddingsService } from './embeddings/embeddings.service.js';
import { ModelsController } from './models/models.controller.js';

/** What clients of the OpenAI API speak to. */
@Module({
  imports: [ModelsModule, StreamingModule, QuotaModule],
  controllers: [ModelsController, EmbeddingsController, ChatController],
  providers: [ChargedText, ChatService, EmbeddingsService],
})
export class OpenAiModule {}
