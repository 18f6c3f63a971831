import { AppError } from '#src/kernel/index.js';
import type {
  ChatMessage,
  ContentPart,
  EmbedRequest,
  EmbedText,
  StructuredRequest,
  TextFormat,
  TextRequest,
  Tool,
  ToolCall,
} from '../provider.port.js';
import { redactEach, type TrafficRedactor, UNINSPECTED } from './traffic-redactor.js';

const NO_IMAGE: ContentPart = { type: 'text', text: UNINSPECTED };

/** A request has these beside its words; a member that is neither does not compile. */
type Wordless = Readonly<Record<string, number | boolean | undefined>>;

/** A request as the model sees it: every word of it is redacted. Nobody looks into images: strict mode takes them out. */
export async function redactTextRequest(request: TextRequest, redactor: TrafficRedactor): Promise<TextRequest> {
  const { model, messages, tools, toolChoice, format, stop, reasoningEffort, ...settings } = request;
  return {
    ...(settings satisfies Wordless),
    ...(model === undefined ? {} : { model }),
    messages: await redactEach(messages, (message) => redactMessage(message, redactor)),
    ...(tools === undefined ? {} : { tools: await redactEach(tools, (tool) => redactTool(tool, redactor)) }),
    ...(toolChoice === undefined ? {} : { toolChoice: await redactChoice(toolChoice, redactor) }),
    ...(format === undefined ? {} : { format: await redactFormat(format, redactor) }),
    ...(stop === undefined ? {} : { stop: await redactTexts(stop, redactor) }),
    ...(reasoningEffort === undefined ? {} : { reasoningEffort: await redactor.text(reasoningEffort) }),
  };
}

export async function redactStructuredRequest(
  { model, task, input, system, prompt, schema, maxOutputTokens }: StructuredRequest,
  redactor: TrafficRedactor,
): Promise<StructuredRequest> {
  return {
    ...(model === undefined ? {} : { model }),
    ...(maxOutputTokens === undefined ? {} : { maxOutputTokens }),
    task,
    schema,
    input: await redactor.value(input),
    system: await redactor.text(system),
    prompt: await redactor.text(prompt),
  };
}

export async function redactEmbedRequest(
  { model, texts, dimensions }: EmbedRequest,
  redactor: TrafficRedactor,
): Promise<EmbedRequest> {
  return {
    ...(model === undefined ? {} : { model }),
    ...(dimensions === undefined ? {} : { dimensions }),
    texts: await redactEach(texts, (text) => redactEmbedText(text, redactor)),
  };
}

/** Nobody can look into token ids. */
function redactEmbedText(text: EmbedText, redactor: TrafficRedactor): Promise<string> {
  if (typeof text === 'string') return redactor.text(text);
  const message = 'Token ids cannot be redacted, as this tenant asks for: send texts';
  throw new AppError('BAD_INPUT', message, { openai: { code: 'invalid_value', param: 'input' } });
}

/** A call whose arguments stay what they are, mostly JSON. */
export const redactCall = async (
  { id, name, arguments: json }: ToolCall,
  redactor: TrafficRedactor,
): Promise<ToolCall> => ({
  id: await redactor.text(id),
  name: await redactor.text(name),
  arguments: await redactor.json(json),
});

const redactTexts = (texts: readonly string[], redactor: TrafficRedactor): Promise<readonly string[]> =>
  redactEach(texts, (text) => redactor.text(text));

async function redactMessage(message: ChatMessage, redactor: TrafficRedactor): Promise<ChatMessage> {
  switch (message.role) {
    case 'system':
      return { role: 'system', content: await redactor.text(message.content) };
    case 'user':
      return { role: 'user', content: await redactContent(message.content, redactor) };
    case 'assistant': {
      const { content, toolCalls } = message;
      const said = { role: 'assistant', content: await redactor.text(content) } as const;
      if (toolCalls === undefined) return said;
      return { ...said, toolCalls: await redactEach(toolCalls, (call) => redactCall(call, redactor)) };
    }
    case 'tool':
      return {
        role: 'tool',
        callId: await redactor.text(message.callId),
        content: await redactor.json(message.content),
      };
  }
}

async function redactContent(
  content: string | readonly ContentPart[],
  redactor: TrafficRedactor,
): Promise<string | readonly ContentPart[]> {
  if (typeof content === 'string') return redactor.text(content);
  return redactEach(content, (part) => redactPart(part, redactor));
}

async function redactPart(part: ContentPart, redactor: TrafficRedactor): Promise<ContentPart> {
  if (part.type === 'text') return { type: 'text', text: await redactor.text(part.text) };
  if (redactor.mode === 'strict') return NO_IMAGE;
  return (await redactor.passesImage(part.url)) ? part : NO_IMAGE;
}

async function redactTool({ name, description, parameters, strict }: Tool, redactor: TrafficRedactor): Promise<Tool> {
  return {
    name: await redactor.text(name),
    ...(description === undefined ? {} : { description: await redactor.text(description) }),
    parameters: await redactSchema(parameters, redactor),
    ...(strict === undefined ? {} : { strict }),
  };
}

async function redactChoice(
  choice: NonNullable<TextRequest['toolChoice']>,
  redactor: TrafficRedactor,
): Promise<NonNullable<TextRequest['toolChoice']>> {
  return typeof choice === 'string' ? choice : { name: await redactor.text(choice.name) };
}

async function redactFormat(format: TextFormat, redactor: TrafficRedactor): Promise<TextFormat> {
  if (format.type === 'json') return { type: 'json' };
  const { name, description, schema, strict } = format;
  return {
    type: 'json_schema',
    name: await redactor.text(name),
    ...(description === undefined ? {} : { description: await redactor.text(description) }),
    schema: await redactSchema(schema, redactor),
    ...(strict === undefined ? {} : { strict }),
  };
}

const redactSchema = async (
  schema: Readonly<Record<string, unknown>>,
  redactor: TrafficRedactor,
): Promise<Readonly<Record<string, unknown>>> => Object(await redactor.value(schema)) as Record<string, unknown>;
