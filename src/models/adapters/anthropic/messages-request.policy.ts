import { AppError } from '#src/kernel/index.js';
import type { JsonSchema } from '../../json-schema.js';
import type { ChatMessage, Reads, StructuredRequest, TextFormat, TextRequest } from '../../provider.port.js';
import type { AnswerForm } from '../upstream/structured/answer-form.js';
import type { Repair } from '../upstream/structured/repair.policy.js';
import { formatSchema } from './format-schema.policy.js';
import { type Block, blocksOf } from './message-content.policy.js';
import { wireTools } from './message-tools.policy.js';

interface Message {
  readonly role: 'user' | 'assistant';
  readonly content: string | readonly Block[];
}

type Wire = Readonly<Record<string, unknown>>;

/** The body of `POST /v1/messages`. `told`: the form of the answer is asked for in words; it is no part of the body. */
export type MessagesBody = Wire & {
  readonly model: string;
  readonly messages: readonly Message[];
  readonly stream: boolean;
  readonly temperature?: number;
  readonly top_p?: number;
  readonly told: boolean;
};

interface Target {
  readonly model: string;
  readonly maxOutputTokens: number;
}

/** How the form of an answer is asked for: by the API's own means, or in words. */
interface Asking {
  readonly format?: Wire;
  readonly words?: string;
}

const MAX_TEMPERATURE = 1;

/** Levels of OpenAI's scale, and this API's. */
const EFFORTS: Readonly<Record<string, string>> = {
  none: 'low',
  minimal: 'low',
  low: 'low',
  medium: 'medium',
  high: 'high',
  xhigh: 'xhigh',
  max: 'max',
};

/** `seed` and the penalties have no counterpart here and are left out. */
export function textBody(request: TextRequest, target: Target, reads: Reads): MessagesBody {
  const { messages, maxOutputTokens, reasoningEffort } = request;
  const asking = request.format === undefined ? {} : askingFor(request.format);
  const system = [...messages.flatMap((each) => (each.role === 'system' ? [each.content] : [])), asking.words ?? ''];
  return {
    ...head(target, maxOutputTokens, reads),
    ...systemOf(system),
    messages: conversation(messages),
    ...wireTools(request),
    ...sampling(request),
    ...outputConfig(asking, reasoningEffort),
    told: asking.words !== undefined,
  };
}

export function structuredBody(request: StructuredRequest, form: AnswerForm, target: Target): MessagesBody {
  const asking = form.strict ? inFormat(form.schema) : inWords(form.schema);
  return {
    ...head(target, request.maxOutputTokens, 'pieces'),
    ...systemOf([request.system, asking.words ?? '']),
    messages: [{ role: 'user', content: request.prompt }],
    ...outputConfig(asking, undefined),
    told: !form.strict,
  };
}

/** The same question once more, with the answer that did not fit and what is wrong with it. */
export function repairBody(body: MessagesBody, [answer, demand]: Repair): MessagesBody {
  // The API takes no empty words.
  const said = answer.trim() === '' ? '(nothing)' : answer;
  const exchange: readonly Message[] = [
    { role: 'assistant', content: said },
    { role: 'user', content: demand },
  ];
  return { ...body, messages: [...body.messages, ...exchange] };
}

const head = ({ model, maxOutputTokens }: Target, most: number | undefined, reads: Reads) => ({
  model,
  stream: reads === 'pieces',
  max_tokens: most ?? maxOutputTokens,
});

function systemOf(texts: readonly string[]): Wire {
  const system = texts.filter((text) => text.trim() !== '').join('\n\n');
  return system === '' ? {} : { system };
}

/** Turns alternate, and all results of one turn's calls stand in one message. */
function conversation(messages: readonly ChatMessage[]): readonly Message[] {
  const turns: { role: Message['role']; content: Block[] }[] = [];
  for (const message of messages) {
    if (message.role === 'system') continue;
    const role = message.role === 'assistant' ? 'assistant' : 'user';
    const blocks = blocksOf(message);
    const last = turns.at(-1);
    if (last?.role === role) last.content.push(...blocks);
    else if (blocks.length > 0) turns.push({ role, content: [...blocks] });
  }
  return turns;
}

/** The API's temperatures end at 1; its newer models take one of the two settings only. */
function sampling({ temperature, topP, stop }: TextRequest) {
  return {
    ...(temperature === undefined ? {} : { temperature: Math.min(temperature, MAX_TEMPERATURE) }),
    ...(topP === undefined || temperature !== undefined ? {} : { top_p: topP }),
    ...(stop === undefined || stop.length === 0 ? {} : { stop_sequences: stop }),
  };
}

function outputConfig({ format }: Asking, reasoningEffort: string | undefined): Wire {
  const effort = reasoningEffort === undefined ? undefined : effortOf(reasoningEffort);
  const config = { ...(format === undefined ? {} : { format }), ...(effort === undefined ? {} : { effort }) };
  return Object.keys(config).length === 0 ? {} : { output_config: config };
}

function effortOf(asked: string): string {
  const effort = Object.hasOwn(EFFORTS, asked) ? EFFORTS[asked] : undefined;
  if (effort !== undefined) return effort;
  throw new AppError('BAD_INPUT', `reasoning effort must be one of ${Object.keys(EFFORTS).join(', ')}`);
}

function askingFor(format: TextFormat): Asking {
  if (format.type === 'json') return { words: 'Answer with one JSON object and nothing else.' };
  const schema = formatSchema(format.schema);
  return schema === undefined ? inWords(format.schema) : inFormat(schema);
}

const inFormat = (schema: JsonSchema): Asking => ({ format: { type: 'json_schema', schema } });

const inWords = (schema: JsonSchema): Asking => ({
  words: `Answer with one JSON value that fits this JSON Schema, and nothing else:\n${JSON.stringify(schema)}`,
});
