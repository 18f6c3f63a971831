import { type EdgeRequest, originOf } from '#src/http/index.js';
import type { RequestFacts } from './authenticator.port.js';

/** A request as credentials see it. Where it was sent to is worked out for the few that ask. */
export class ReceivedRequest implements RequestFacts {
  readonly method: string;
  readonly target: string;
  readonly rawHeaders: readonly string[];
  readonly rawBody: Uint8Array | undefined;

  constructor(private readonly request: EdgeRequest) {
    this.method = request.method;
    this.target = request.raw.url ?? '';
    this.rawHeaders = request.raw.rawHeaders;
    this.rawBody = request.rawBody;
  }

  get origin(): string {
    return originOf(this.request);
  }
}
