import { Body, Controller, Post, Res } from '@nestjs/common';
import { ApiOperation, ApiTags } from '@nestjs/swagger';
import type { FastifyReply } from 'fastify';
import { Caller, type Principal, RequireScope } from '#src/auth/index.js';
import { CallerGone, Returns } from '#src/http/index.js';
import type { Task } from '#src/models/index.js';
import { ownerOf } from '#src/streaming/index.js';
import type { Assistant } from './assistant.js';
import { Assistants } from './assistants.service.js';
import { clarifyBrief } from './clarify/clarify-brief.assistant.js';
import { ClarifyBriefAnswer, ClarifyBriefRequest } from './clarify/clarify-brief.schema.js';
import { critiqueGraph } from './critique/critique-graph.assistant.js';
import { CritiqueGraphAnswer, CritiqueGraphRequest } from './critique/critique-graph.schema.js';
import { explainDiff } from './explain/explain-diff.assistant.js';
import { ExplainDiffAnswer, ExplainDiffRequest } from './explain/explain-diff.schema.js';
import { suggestOptions } from './suggest/suggest-options.assistant.js';
import { SuggestOptionsAnswer, SuggestOptionsRequest } from './suggest/suggest-options.schema.js';

interface Asked {
  readonly caller: Principal;
  readonly gone: AbortSignal;
  readonly reply: FastifyReply;
}

@ApiTags('assist')
@Controller('assist')
export class AssistantsController {
  constructor(private readonly assistants: Assistants) {}

  @Post('clarify-brief')
  @ApiOperation({ summary: 'Ask what a brief leaves open before it is drafted' })
  @RequireScope('drafts:create')
  @Returns(200, ClarifyBriefAnswer)
  clarify(
    @Caller() caller: Principal,
    @Body({ schema: ClarifyBriefRequest }) request: ClarifyBriefRequest,
    @CallerGone() gone: AbortSignal,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<ClarifyBriefAnswer> {
    return this.answer(clarifyBrief, request, { caller, gone, reply });
  }

  @Post('critique-graph')
  @ApiOperation({
    summary: 'Name what is wrong with a decision graph',
    description: 'A broken graph is criticised, not refused; one over the limit of nodes or edges is (422).',
  })
  @RequireScope('drafts:create')
  @Returns(200, CritiqueGraphAnswer)
  critique(
    @Caller() caller: Principal,
    @Body({ schema: CritiqueGraphRequest }) request: CritiqueGraphRequest,
    @CallerGone() gone: AbortSignal,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<CritiqueGraphAnswer> {
    return this.answer(critiqueGraph, request, { caller, gone, reply });
  }

  @Post('suggest-options')
  @ApiOperation({ summary: 'Suggest three to five ways to a goal' })
  @RequireScope('drafts:create')
  @Returns(200, SuggestOptionsAnswer)
  suggest(
    @Caller() caller: Principal,
    @Body({ schema: SuggestOptionsRequest }) request: SuggestOptionsRequest,
    @CallerGone() gone: AbortSignal,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<SuggestOptionsAnswer> {
    return this.answer(suggestOptions, request, { caller, gone, reply });
  }

  @Post('explain-diff')
  @ApiOperation({ summary: 'Say why each node and edge of a patch changes' })
  @RequireScope('drafts:create')
  @Returns(200, ExplainDiffAnswer)
  explain(
    @Caller() caller: Principal,
    @Body({ schema: ExplainDiffRequest }) request: ExplainDiffRequest,
    @CallerGone() gone: AbortSignal,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<ExplainDiffAnswer> {
    return this.answer(explainDiff, request, { caller, gone, reply });
  }

  private async answer<Request, T extends Task, Answer>(
    assistant: Assistant<Request, T, Answer>,
    request: Request,
    { caller, gone: signal, reply }: Asked,
  ): Promise<Answer> {
    const { result, limitHeaders } = await this.assistants.ask(assistant, request, { owner: ownerOf(caller), signal });
    void reply.headers(limitHeaders);
    return result.answer;
  }
}
