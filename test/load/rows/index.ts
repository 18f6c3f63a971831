import type { Row } from '../harness/row.ts';
import { edgeRow } from './q1-edge.row.ts';
import { authenticatedRow } from './q2-authenticated.row.ts';
import { signedRow } from './q3-signed.row.ts';
import { credentialsRow } from './q4-credentials.row.ts';
import { gatewayRow } from './q5-gateway.row.ts';
import { streamsRow } from './q6-streams.row.ts';
import { resumeRow } from './q6b-resume.row.ts';
import { tailRow } from './q6c-tail.row.ts';
import { ledgerRow } from './q7-ledger.row.ts';
import { bucketsRow } from './q8-buckets.row.ts';
import { redactionRow } from './q9-redaction.row.ts';
import { startRow } from './q12-start.row.ts';

export const rows: readonly Row[] = [
  edgeRow,
  authenticatedRow,
  signedRow,
  credentialsRow,
  gatewayRow,
  streamsRow,
  resumeRow,
  tailRow,
  ledgerRow,
  bucketsRow,
  redactionRow,
  startRow,
];
