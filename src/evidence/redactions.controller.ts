import { Body, Controller, Post } from '@nestjs/common';
import { ApiOperation, ApiTags } from '@nestjs/swagger';
import { createRedactor } from '#libs/redaction/index.js';
import { RequireScope } from '#src/auth/index.js';
import { MostValues, ReadsOnly, Returns } from '#src/http/index.js';
import { RedactionPreview, RedactionPreviewRequest } from './redactions.schema.js';

/** As many as its body has room for: no schema looks at each. */
const MOST_VALUES = 1_048_576;

const redactors = {
  standard: createRedactor({ mode: 'standard' }),
  strict: createRedactor({ mode: 'strict' }),
} as const;

@ApiTags('evidence')
@Controller('v1/redactions')
export class RedactionsController {
  @Post('preview')
  @ApiOperation({
    summary: 'What redaction makes of a text or a JSON value',
    description: 'Stores nothing and logs nothing of it. Strict mode finds more, and raises more false alarms.',
  })
  @RequireScope('redactions:preview')
  @ReadsOnly()
  @MostValues(MOST_VALUES)
  @Returns(200, RedactionPreview)
  preview(@Body({ schema: RedactionPreviewRequest }) { text, data, mode }: RedactionPreviewRequest): RedactionPreview {
    const redactor = redactors[mode];
    if (text === undefined) {
      const { value, counts } = redactor.redactValue(data);
      return { redacted: value, summary: { mode, counts } };
    }
    const { text: redacted, counts } = redactor.redact(text);
    return { redacted, summary: { mode, counts } };
  }
}
