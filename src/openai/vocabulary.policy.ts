import type { TextFormat, TextRequest, Tool } from '#src/models/index.js';
import { given } from './given.js';

type Maybe<T> = T | null | undefined;

interface Described {
  readonly name: string;
  readonly description?: Maybe<string>;
  readonly strict?: Maybe<boolean>;
}

interface AskedTool extends Described {
  readonly parameters?: Maybe<Readonly<Record<string, unknown>>>;
}

type AskedFormat =
  | { readonly type: 'text' | 'json_object' }
  | (Described & { readonly type: 'json_schema'; readonly schema?: Maybe<Readonly<Record<string, unknown>>> });

/** A function without parameters takes an empty object. */
const NO_PARAMETERS = { type: 'object', properties: {} } as const;

export const toolOf = ({ name, description, parameters, strict }: AskedTool): Tool => ({
  name,
  parameters: parameters ?? NO_PARAMETERS,
  ...given({ description, strict }),
});

export const toolChoiceOf = (
  choice: Maybe<'auto' | 'none' | 'required' | { readonly name: string }>,
): TextRequest['toolChoice'] =>
  typeof choice === 'object' && choice !== null ? { name: choice.name } : (choice ?? undefined);

export function formatOf(format: Maybe<AskedFormat>): TextFormat | undefined {
  if (format?.type === 'json_object') return { type: 'json' };
  if (format?.type !== 'json_schema') return undefined;
  const { name, description, schema, strict } = format;
  return { type: 'json_schema', name, schema: schema ?? {}, ...given({ description, strict }) };
}
