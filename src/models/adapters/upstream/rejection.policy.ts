import type { Rejection } from '../../upstream-error.js';

/** Why an upstream did not take a request, as far as it says so in words that we know. */
export interface Reason {
  readonly rejection: Rejection;
  /** Our account is empty: nothing that a caller could mend. */
  readonly ours: boolean;
}

export const NO_REASON: Reason = { rejection: {}, ours: false };

/** What the OpenAI API finds wrong with requests. */
const CODES: ReadonlySet<string> = new Set([
  'context_length_exceeded',
  'string_above_max_length',
  'array_above_max_length',
  'integer_above_max_value',
  'integer_below_min_value',
  'decimal_above_max_value',
  'decimal_below_min_value',
  'missing_required_parameter',
  'unknown_parameter',
  'unsupported_parameter',
  'unsupported_value',
  'invalid_value',
  'invalid_type',
  'invalid_prompt',
  'invalid_image',
  'invalid_image_url',
  'invalid_image_format',
  'image_parse_error',
  'image_too_large',
  'image_too_small',
  'invalid_function_parameters',
  'invalid_json_schema',
  'content_policy_violation',
  'content_filter',
]);

/** Fields of a request, and of what stands in it: their names say nothing that a caller did not write. */
const FIELDS: ReadonlySet<string> = new Set([
  ...['messages', 'role', 'content', 'name', 'text', 'image_url', 'url', 'detail', 'tool_calls', 'tool_call_id'],
  ...['tools', 'function', 'parameters', 'strict', 'tool_choice', 'parallel_tool_calls', 'response_format'],
  ...['json_schema', 'schema', 'type', 'max_tokens', 'max_completion_tokens', 'temperature', 'top_p', 'stop', 'seed'],
  ...['presence_penalty', 'frequency_penalty', 'reasoning_effort', 'model', 'input', 'dimensions'],
]);

/** How servers say it that have no code for it. */
const TOO_LONG = /context (length|window)|prompt is too long|maximum (number of )?tokens/i;
const NO_MONEY = /credit balance|billing/i;

/** @param body whatever it is: none of its words is passed on that is not among ours */
export function reasonIn(body: string): Reason {
  const { code, type, param, message } = errorIn(body);
  const ours = code === 'insufficient_quota' || type === 'insufficient_quota' || says(NO_MONEY, message);
  const known = typeof code === 'string' && CODES.has(code) ? code : undefined;
  const told = known ?? (says(TOO_LONG, message) ? 'context_length_exceeded' : undefined);
  return {
    ours,
    rejection: {
      ...(told === undefined ? {} : { code: told }),
      ...(isField(param) ? { param } : {}),
    },
  };
}

/** OpenAI and Anthropic put it into `error`; some servers put it at the top. */
function errorIn(body: string): Readonly<Record<string, unknown>> {
  try {
    const value: unknown = JSON.parse(body);
    return Object(Object(value).error ?? value);
  } catch {
    return {};
  }
}

const says = (what: RegExp, message: unknown): boolean => typeof message === 'string' && what.test(message);

const isField = (param: unknown): param is string =>
  typeof param === 'string' &&
  param.length <= 100 &&
  param.split(/[.[\]]+/).every((part) => part === '' || /^\d{1,5}$/.test(part) || FIELDS.has(part));
