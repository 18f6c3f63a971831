import { credentialOf } from './credential.js';
import { Keyring } from './keyring.js';
import { Assistants } from './resources/assistants.js';
import { Drafts } from './resources/drafts.js';
import { Keys } from './resources/keys.js';
import { Streams } from './resources/streams.js';
import { type ClientOptions, completeSettings } from './settings.js';
import { type RequestOptions, Transport } from './transport.js';
import type { ServiceStatus } from './types.js';

/**
 * A client of one Countersign service, for Node 20 or newer and browsers.
 *
 * @example
 * const client = new Countersign({ baseURL: 'https://countersign.example.com', apiKey });
 * const stream = client.drafts.stream({ brief: 'Should our clinic open on Saturdays? Staff costs would rise by 12%.' });
 * for await (const { event, seq } of stream) console.log(seq, event);
 * const { graph } = await stream.finalDraft();
 */
export class Countersign {
  readonly drafts: Drafts;
  readonly assistants: Assistants;
  readonly streams: Streams;
  readonly keys: Keys;
  private readonly transport: Transport;

  /** @throws {TypeError} naming an option that cannot be used */
  constructor(options: ClientOptions) {
    const settings = completeSettings(options);
    this.transport = new Transport(settings, credentialOf(options, settings));
    this.streams = new Streams(this.transport, new Keyring(this.transport));
    this.drafts = new Drafts(this.transport, this.streams);
    this.assistants = new Assistants(this.transport);
    this.keys = new Keys(this.transport);
  }

  /**
   * What runs and what is degraded; with the scope `status:read` also how its parts do, and what each feature does without them.
   *
   * @example
   * const { status, degraded } = await client.status();
   */
  status(options: RequestOptions = {}): Promise<ServiceStatus> {
    return this.transport.json({ method: 'GET', path: 'v1/status', repeat: 'safe' }, options);
  }
}
