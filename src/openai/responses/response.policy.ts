import { AppError, NO_USAGE, type Usage } from '#src/kernel/index.js';
import type { OutputItem } from './item.schema.js';
import type { ResponseUsage, ResponseView } from './response.schema.js';
import type { ResponseRequest } from './response-request.schema.js';

const MS_PER_SECOND = 1_000;

/** What is known of a response before anything is answered. */
export interface ResponseBirth {
  readonly id: string;
  /** Unix ms. */
  readonly createdAt: number;
}

/** How far a response is. */
export type Progress =
  | { readonly status: 'queued' | 'in_progress' }
  | { readonly status: 'completed' | 'cancelled'; readonly at: number }
  | { readonly status: 'incomplete'; readonly reason: 'max_output_tokens' | 'content_filter' }
  | { readonly status: 'failed'; readonly error: AppError };

/** What was answered so far, by which model, for how much. */
export interface Answer {
  readonly model?: string;
  readonly output: readonly OutputItem[];
  readonly usage: Usage | undefined;
}

/** A response as its caller sees it: what was asked, and what came of it. */
export function responseOf(
  { id, createdAt }: ResponseBirth,
  request: ResponseRequest,
  { model, output, usage }: Answer,
  progress: Progress,
): ResponseView {
  const { status } = progress;
  const used = usage ?? (status === 'queued' || status === 'in_progress' ? undefined : NO_USAGE);
  return {
    id,
    object: 'response',
    created_at: seconds(createdAt),
    status,
    completed_at: status === 'completed' ? seconds(progress.at) : null,
    error: status === 'failed' ? errorOf(progress.error) : null,
    incomplete_details: status === 'incomplete' ? { reason: progress.reason } : null,
    ...echoOf(request),
    model: model ?? request.model,
    output: [...output],
    usage: used === undefined ? null : usageOf(used),
  };
}

/** What a response repeats of its request. */
function echoOf(request: ResponseRequest) {
  return {
    background: request.background ?? false,
    instructions: request.instructions ?? null,
    max_output_tokens: request.max_output_tokens ?? null,
    metadata: request.metadata ?? {},
    parallel_tool_calls: request.parallel_tool_calls ?? true,
    previous_response_id: request.previous_response_id ?? null,
    reasoning: { effort: request.reasoning?.effort ?? null, summary: null },
    store: request.store ?? true,
    temperature: request.temperature ?? null,
    text: { format: { ...(request.text?.format ?? { type: 'text' }) } },
    tool_choice: request.tool_choice ?? 'auto',
    tools: request.tools ?? [],
    top_p: request.top_p ?? null,
    truncation: 'disabled' as const,
  };
}

const usageOf = (usage: Usage): ResponseUsage => ({
  input_tokens: usage.inputTokens,
  input_tokens_details: { cached_tokens: usage.cachedInputTokens ?? 0 },
  output_tokens: usage.outputTokens,
  output_tokens_details: { reasoning_tokens: usage.reasoningTokens ?? 0 },
  total_tokens: usage.inputTokens + usage.outputTokens,
});

const WORDS: Readonly<Record<string, 'rate_limit_exceeded' | 'invalid_prompt'>> = {
  QUOTA_EXHAUSTED: 'rate_limit_exceeded',
  RATE_LIMITED: 'rate_limit_exceeded',
  BAD_INPUT: 'invalid_prompt',
};

/** OpenAI has three words for what ours has a table for. */
export const errorOf = ({ code, message }: AppError): NonNullable<ResponseView['error']> => ({
  code: WORDS[code] ?? 'server_error',
  message,
  problem: code,
});

const seconds = (ms: number): number => Math.floor(ms / MS_PER_SECOND);
