const UUID = '[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}';

/** The name of a response. */
export const RESPONSE_ID = new RegExp(`^resp_${UUID}$`);
const ITEM_ID = new RegExp(`^(?:msg|fc|fco)_(${UUID})_i?\\d{1,6}$`);

export type ItemPrefix = 'msg' | 'fc' | 'fco';

/** Names an item so that the response it belongs to can be told: `msg_<response>_<index>`, `i` before those of its input. */
export const outputItemId = (prefix: ItemPrefix, responseId: string, index: number): string =>
  `${prefix}_${responseId.slice('resp_'.length)}_${index}`;

export const inputItemId = (prefix: ItemPrefix, responseId: string, index: number): string =>
  `${prefix}_${responseId.slice('resp_'.length)}_i${index}`;

/** The response an item belongs to; `undefined` for a name that none of ours has. */
export function responseOfItem(itemId: string): string | undefined {
  const uuid = ITEM_ID.exec(itemId)?.[1];
  return uuid === undefined ? undefined : `resp_${uuid}`;
}
