import type { TextRequest, Tool } from '../../provider.port.js';
import { formatSchema } from './format-schema.policy.js';

type Wire = Readonly<Record<string, unknown>>;

const CHOICES = { auto: 'auto', none: 'none', required: 'any' } as const;

/** The tools and how they are to be used. */
export function wireTools(request: TextRequest): Wire {
  const { tools = [] } = request;
  if (tools.length === 0) return remembered(request);
  const choice = choiceOf(request);
  return { tools: tools.map(wireTool), ...(choice === undefined ? {} : { tool_choice: choice }) };
}

function wireTool({ name, description, parameters, strict }: Tool): Wire {
  const enforced = strict === true ? formatSchema(parameters) : undefined;
  return {
    name,
    ...(description === undefined ? {} : { description }),
    input_schema: enforced ?? { ...parameters, type: 'object' },
    ...(enforced === undefined ? {} : { strict }),
  };
}

function choiceOf({ toolChoice, parallelToolCalls }: TextRequest): Wire | undefined {
  const one = parallelToolCalls === false && toolChoice !== 'none' ? { disable_parallel_tool_use: true } : {};
  if (typeof toolChoice === 'object') return { type: 'tool', name: toolChoice.name, ...one };
  if (toolChoice === undefined && parallelToolCalls !== false) return undefined;
  return { type: CHOICES[toolChoice ?? 'auto'], ...one };
}

/** A conversation in which tools were called must name them, also where none may be called any more. */
function remembered({ messages }: TextRequest): Wire {
  const calls = messages.flatMap((message) => (message.role === 'assistant' ? (message.toolCalls ?? []) : []));
  const names = [...new Set(calls.map(({ name }) => name))];
  if (names.length === 0) return {};
  return { tools: names.map((name) => ({ name, input_schema: { type: 'object' } })), tool_choice: { type: 'none' } };
}
