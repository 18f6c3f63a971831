import { Controller, Get, Param } from '@nestjs/common';
import { ApiOperation, ApiTags } from '@nestjs/swagger';
import { RequireScope } from '#src/auth/index.js';
import { Returns } from '#src/http/index.js';
import { AppError } from '#src/kernel/index.js';
import { Models } from '#src/models/index.js';
import { modelViews } from './model-list.policy.js';
import { ModelList, ModelView } from './models.schema.js';

@ApiTags('openai')
@Controller('v1/models')
export class ModelsController {
  constructor(private readonly models: Models) {}

  @Get()
  @ApiOperation({ summary: 'List the models that can be called' })
  @RequireScope('models:read')
  @Returns(200, ModelList)
  list(): ModelList {
    return { object: 'list', data: modelViews(this.models.cards()) };
  }

  @Get(':id')
  @ApiOperation({ summary: 'Describe a model' })
  @RequireScope('models:read')
  @Returns(200, ModelView)
  find(@Param('id') id: string): ModelView {
    const model = modelViews(this.models.cards()).find((view) => view.id === id);
    if (model !== undefined) return model;
    throw new AppError('NOT_FOUND', 'No provider serves that model', {
      openai: { code: 'model_not_found', param: 'model' },
    });
  }
}
