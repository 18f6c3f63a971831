import { z } from 'zod';
import { ATTACHMENT_ID, Attachment, AttachmentPayload } from './attachments/attachment.schema.js';
import { Brief } from './text.schema.js';

const ATTACHMENTS_MAX = 20;
const ENTRIES_MAX = 20;
const WORDS_MAX = 280;

const sentence = z.string().min(1).max(WORDS_MAX);
const name = z.string().min(1).max(64);

export const DraftConstraints = z
  .union([
    z.array(sentence).max(ENTRIES_MAX),
    z
      .record(name, z.union([sentence, z.number(), z.boolean(), z.array(sentence).max(ENTRIES_MAX)]))
      .refine((entries) => Object.keys(entries).length <= ENTRIES_MAX, `At most ${ENTRIES_MAX} entries`),
  ])
  .describe('What the decision must respect: sentences, or names with a text, a number, a truth value or a list')
  .meta({ id: 'DraftConstraints' });
export type DraftConstraints = z.infer<typeof DraftConstraints>;

export const DraftGraphRequest = z
  .strictObject({
    brief: Brief,
    attachments: z.array(Attachment).max(ATTACHMENTS_MAX).optional(),
    attachment_payloads: z
      .record(z.string().regex(ATTACHMENT_ID), AttachmentPayload)
      .optional()
      .describe('Content by attachment id: exactly one for each attachment'),
    library_ids: z.array(z.string().min(1).max(64)).max(ATTACHMENTS_MAX).optional(),
    constraints: DraftConstraints.optional(),
    flags: z
      .record(name, z.union([z.boolean(), z.number(), z.string().max(WORDS_MAX)]))
      .refine((flags) => Object.keys(flags).length <= ENTRIES_MAX, `At most ${ENTRIES_MAX} entries`)
      .optional()
      .describe('Switches of a draft. None is defined yet: each one sent is named in `issues` as unknown'),
    include_debug: z.boolean().optional().describe('Adds times to `diagnostics`'),
  })
  .superRefine(({ attachments = [], attachment_payloads = {} }, context) => {
    const seen = new Set<string>();
    const fault = (path: (string | number)[], message: string) => context.addIssue({ code: 'custom', path, message });
    for (const [index, { id }] of attachments.entries()) {
      if (seen.has(id)) fault(['attachments', index, 'id'], 'Is the id of an earlier attachment');
      else if (!Object.hasOwn(attachment_payloads, id)) fault(['attachments', index, 'id'], 'Has no payload');
      seen.add(id);
    }
    for (const id of Object.keys(attachment_payloads))
      if (!seen.has(id)) fault(['attachment_payloads', id], 'Belongs to no attachment');
  })
  .meta({ id: 'DraftGraphRequest' });
export type DraftGraphRequest = z.infer<typeof DraftGraphRequest>;
