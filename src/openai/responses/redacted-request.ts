import { type TrafficRedactor, UNINSPECTED } from '#src/models/index.js';
import type { Item } from './item.schema.js';
import type { ResponseRequest } from './response-request.schema.js';

type Message = Extract<Item, { readonly type: 'message' }>;

const NO_IMAGE = { type: 'input_text', text: UNINSPECTED } as const;

/** A request as far as it is kept and shown. */
export interface KeptRequest {
  readonly request: ResponseRequest;
  readonly input: readonly Item[];
}

/** The same redacted. What is JSON in it stays JSON: a conversation that goes on sends it to a model again. */
export async function redactRequest({ request, input }: KeptRequest, redactor: TrafficRedactor): Promise<KeptRequest> {
  return {
    // What it asks about is kept as items.
    request: (await redactor.value({ ...request, input: '' })) as ResponseRequest,
    input: await Array.fromAsync(input, (item) => redactItem(item, redactor)),
  };
}

async function redactItem(item: Item, redactor: TrafficRedactor): Promise<Item> {
  if (item.type === 'message') return redactMessage(item, redactor);
  const redacted = (await redactor.value(item)) as Item;
  if (item.type === 'function_call') return { ...redacted, arguments: await redactor.json(item.arguments) } as Item;
  if (item.type !== 'function_call_output' || typeof item.output !== 'string') return redacted;
  return { ...redacted, output: await redactor.json(item.output) } as Item;
}

/** Of an image whose address does not pass nothing is kept, as a model gets nothing of it. */
async function redactMessage(item: Message, redactor: TrafficRedactor): Promise<Item> {
  const content = await Array.fromAsync(item.content, async (part) =>
    part.type !== 'input_image' || (await redactor.passesImage(part.image_url)) ? part : NO_IMAGE,
  );
  return (await redactor.value({ ...item, content })) as Item;
}
