/** Where issuers publish their key sets. */
export abstract class KeySource {
  /**
   * The bytes published under this address now; never of another address it points to. Rejects when there is no
   * successful answer within a few seconds, or none of a sensible size, and when `signal` aborts.
   */
  abstract read(uri: string, signal: AbortSignal): Promise<Buffer>;
}
