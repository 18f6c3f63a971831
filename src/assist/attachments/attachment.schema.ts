import { z } from 'zod';

const ID_MAX = 64;
const NAME_MAX = 255;
/** Letters and digits first: no name of an object's own machinery begins like that with an underscore. */
export const ATTACHMENT_ID = /^[A-Za-z0-9][A-Za-z0-9._-]{0,63}$/;

export const AttachmentKind = z.enum(['pdf', 'csv', 'txt', 'md']).meta({ id: 'AttachmentKind' });
export type AttachmentKind = z.infer<typeof AttachmentKind>;

export const Attachment = z
  .strictObject({
    id: z
      .string()
      .max(ID_MAX)
      .regex(ATTACHMENT_ID)
      .refine((id) => id !== 'brief', 'is the name of the brief as a source')
      .describe('Unique in the request; provenance and issues name it. Not "brief"'),
    kind: AttachmentKind,
    name: z
      .string()
      .min(1)
      .max(NAME_MAX)
      .refine((name) => !/\p{Cc}/u.test(name) && name.isWellFormed(), 'holds control characters')
      .describe('File name'),
  })
  .meta({ id: 'Attachment' });
export type Attachment = z.infer<typeof Attachment>;

export const AttachmentPayload = z
  .union([
    z.string(),
    z.strictObject({
      data: z.string(),
      encoding: z.enum(['base64', 'utf8']).describe('utf8: `data` is the text itself'),
    }),
  ])
  .describe('The file: base64 (RFC 4648 section 4, padded), or data with its encoding')
  .meta({ id: 'AttachmentPayload' });
export type AttachmentPayload = z.infer<typeof AttachmentPayload>;
