/**
 * The main job from a caller's side: draft a decision graph over a line that breaks, resume, verify, and catch a forgery.
 *
 *   npm run demo
 *
 * Uses the service at COUNTERSIGN_URL, else the one on http://127.0.0.1:3101, else starts the built one for itself and
 * stops it again. The key is COUNTERSIGN_API_KEY, else the one in DATA_DIR/credentials.json.
 * Exit code: 0 all as promised; 1 something was not; 2 no service or no key to try it with.
 */
import { join } from 'node:path';
import type { Countersign, DraftRequest, DraftStream } from '#libs/sdk/index.js';
import type { StreamEvent } from '#libs/sdk/shapes.js';
import { node, root, run } from './bootstrap.mjs';
import { breakingFetch } from './demo/breaking-fetch.ts';
import { findService, type Service, Stop } from './demo/service.ts';
import { say, short, showDraft, showEvent, title } from './demo/show.ts';

const CUT_AFTER_EVENTS = 4;

const REQUEST: DraftRequest = {
  brief: `We want to cut waiting times at our two walk-in clinics without overspending this year's budget.

Should we open both clinics on Saturdays, or extend opening hours on weekdays until 8 pm?

Opening on Saturdays would raise staff costs by 12% because of weekend pay, but families could come without taking time off work. There is a risk that nurses leave if weekend work becomes the rule.

Extending weekday hours needs no weekend pay, although the evening shift might be hard to fill. Waiting times are expected to fall by a third.

The health authority pays a grant of 80,000 euros for weekend hours, and it ends in December.`,
  attachments: [{ id: 'visits', kind: 'csv', name: 'visits-by-day.csv' }],
  attachment_payloads: {
    visits: {
      encoding: 'utf8',
      data: 'day,visits,median_wait_minutes\nMon,212,71\nTue,187,58\nWed,176,55\nThu,181,57\nFri,203,66\nSat,38,22\n',
    },
  },
  constraints: ['No extra permanent posts this year.'],
};

/** Imported once they are built. */
async function loadSdk() {
  const [{ Countersign }, { describeFault }, { diffEvents }] = await Promise.all([
    import('#libs/sdk/index.js'),
    import('#libs/sdk/errors.js'),
    import('#libs/sse/index.js'),
  ]);
  return { Countersign, describeFault, diffEvents };
}

type Sdk = Awaited<ReturnType<typeof loadSdk>>;

async function demonstrate(sdk: Sdk, { url, apiKey }: Service): Promise<void> {
  const fetch = breakingFetch(CUT_AFTER_EVENTS, {
    broken: () => say(`   ✂   the connection is destroyed after event ${CUT_AFTER_EVENTS}`),
    resumed: ({ method, path, headers }) => {
      const token = headers.get('x-resume-token');
      say(`   →   ${method} ${path}   Last-Event-ID: ${headers.get('last-event-id')}`);
      if (token !== null) say(`       X-Resume-Token: ${short(token)}`);
    },
  });
  const client = new sdk.Countersign({ baseURL: url, apiKey, fetch });

  title(`A draft, over a line that breaks after event ${CUT_AFTER_EVENTS}`);
  const stream = client.drafts.stream(REQUEST, {
    onReconnect: ({ lastSeq, by, waitMs }) =>
      say(`   ↻   resuming behind event ${lastSeq} by ${by === 'token' ? 'its token' : 'its id'} in ${waitMs} ms`),
  });
  const copy = await follow(stream);
  title('The decision');
  showDraft(await stream.finalDraft());
  title('A stored copy of the events, and a forgery of it');
  await catchForgery(sdk, client, stream.streamId ?? '', copy);
}

/** Shows a stream to its end and keeps a copy of what came. */
async function follow(stream: DraftStream): Promise<readonly StreamEvent[]> {
  const copy: StreamEvent[] = [];
  for await (const event of stream) {
    showEvent(event);
    copy.push(event.raw);
  }
  const { verified, reconnects, streamId } = stream;
  if (!verified) throw new Stop(1, 'The stream was not verified');
  if (reconnects === 0) throw new Stop(1, 'The stream was never resumed');
  say(`   ✓   ${copy.length} events of ${streamId}, resumed ${reconnects}×: hash and signature of the receipt hold`);
  return copy;
}

async function catchForgery(
  { describeFault, diffEvents }: Sdk,
  client: Countersign,
  streamId: string,
  copy: readonly StreamEvent[],
): Promise<void> {
  const target = copy[Math.floor(copy.length / 2)];
  if (target === undefined) throw new Stop(1, 'The stream was empty');
  const forged = copy.map((event) => (event === target ? { ...event, data: forge(event.data) } : event));
  const honest = await client.streams.verify(streamId, copy);
  const verdict = await client.streams.verify(streamId, forged);
  say(`  as received       ${honest.valid ? `valid, ${honest.count} events` : describeFault(honest)}`);
  say(`  one letter forged ${verdict.valid ? 'valid' : `${verdict.reason}: ${describeFault(verdict)}`}`);
  const seq = diffEvents(forged, copy)?.seq;
  say(`  beside the honest copy: event ${seq} differs`);
  if (!honest.valid || verdict.valid || seq !== target.seq) {
    throw new Stop(1, 'The verification did not tell the copy from the forgery');
  }
}

/** Changes the last letter in the text. */
const forge = (data: string): string =>
  data.replace(/[a-z](?=[^a-z]*$)/i, (letter) => (letter.toLowerCase() === 'x' ? 'y' : 'x'));

async function main(): Promise<void> {
  if (!run(node, [join(root, 'scripts/build.mjs')], 'build')) throw new Stop(2, 'The build failed');
  const sdk = await loadSdk();
  const service = await findService();
  try {
    await demonstrate(sdk, service);
  } finally {
    await service.end();
  }
  say('\nAll as promised.');
}

main().catch((error: unknown) => {
  process.stderr.write(`\n${told(error)}\n`);
  process.exitCode = error instanceof Stop ? error.exitCode : 1;
});

/** Foreseen errors carry a code or are a {@link Stop}; of others the stack is wanted. */
function told(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  return error instanceof Stop || 'code' in error ? error.message : (error.stack ?? error.message);
}
