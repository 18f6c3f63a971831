import type { InputItem, InputMessage, Item } from './item.schema.js';
import type { ItemList, ItemsQuery } from './response.schema.js';
import { inputItemId } from './response-ids.policy.js';
import type { ResponseRequest } from './response-request.schema.js';

type Known = Exclude<InputItem, { readonly type?: 'item_reference' | null | undefined; readonly role?: never }>;

/** Whether an item only names another one. */
export const isReference = (item: InputItem): item is Extract<InputItem, { readonly id: string }> & { role?: never } =>
  !('role' in item) && (item.type === 'item_reference' || item.type === undefined || item.type === null);

/** What a request says, as items. */
export const itemsOf = ({ input }: Pick<ResponseRequest, 'input'>): readonly InputItem[] =>
  typeof input === 'string' ? [{ role: 'user', content: input }] : input;

/**
 * Items as they are kept: with ids, and what is referred to in its place.
 *
 * @param referred finds the item an id names; `undefined` where there is none
 */
export function keptItems(
  items: readonly InputItem[],
  responseId: string,
  referred: (id: string) => Item,
): readonly Item[] {
  return items.flatMap((item, index): Item[] => {
    if (isReference(item)) return [referred(item.id)];
    return kept(item as Known, (prefix) => inputItemId(prefix, responseId, index));
  });
}

type Naming = (prefix: 'msg' | 'fc' | 'fco') => string;

function kept(item: Known, name: Naming): Item[] {
  const status = 'completed' as const;
  if ('role' in item) return [{ ...messageItem(item), id: item.id ?? name('msg'), status }];
  if (item.type === 'function_call') return [{ ...item, id: item.id ?? name('fc'), status }];
  if (item.type === 'function_call_output') return [{ ...item, id: item.id ?? name('fco'), status }];
  return [];
}

function messageItem({ role, content }: InputMessage): Omit<Extract<Item, { type: 'message' }>, 'id' | 'status'> {
  const parts = typeof content === 'string' ? [{ type: 'input_text' as const, text: content }] : content;
  const said = parts.map((part) => {
    if (part.type === 'output_text' || (role === 'assistant' && part.type === 'input_text'))
      return { type: 'output_text' as const, text: part.text, annotations: [], logprobs: [] };
    return part;
  });
  return { type: 'message', role, content: said };
}

/** A page of items; `undefined` when `after` names none of them. */
export function itemPage(items: readonly Item[], { limit, order, after }: ItemsQuery): ItemList | undefined {
  const ordered = order === 'asc' ? items : items.toReversed();
  const start = after === undefined ? 0 : ordered.findIndex(({ id }) => id === after) + 1;
  if (after !== undefined && start === 0) return undefined;
  const data = ordered.slice(start, start + limit);
  return {
    object: 'list',
    data,
    first_id: data[0]?.id ?? null,
    last_id: data.at(-1)?.id ?? null,
    has_more: start + limit < ordered.length,
  };
}
