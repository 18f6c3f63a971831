import { z } from 'zod';
import { redactionKinds, redactionModes } from '#libs/redaction/index.js';

const Mode = z.enum(redactionModes);

export const RedactionPreviewRequest = z
  .strictObject({
    text: z.string().optional(),
    data: z
      .unknown()
      .optional()
      .describe('Any JSON value, null too: its strings and numbers are looked at, not its names'),
    mode: Mode.default('standard'),
  })
  .superRefine((request, context) => {
    const given = ['text', 'data'].filter((name) => Object.hasOwn(request, name));
    if (given.length === 1) return;
    context.addIssue({ code: 'custom', path: ['data'], message: 'Exactly one of text and data must be there' });
  })
  .meta({ id: 'RedactionPreviewRequest', description: 'Exactly one of `text` and `data`' });
export type RedactionPreviewRequest = z.infer<typeof RedactionPreviewRequest>;

export const RedactionPreview = z
  .object({
    redacted: z.unknown().describe('What was sent, each find replaced by `[redacted:<kind>]`; a number becomes text'),
    summary: z.object({
      mode: Mode,
      counts: z
        .partialRecord(z.enum(redactionKinds), z.int().min(1))
        .describe('Finds of each kind; `uninspected` is what lay too deep to look at. Kinds without one are absent'),
    }),
  })
  .meta({ id: 'RedactionPreview' });
export type RedactionPreview = z.infer<typeof RedactionPreview>;
