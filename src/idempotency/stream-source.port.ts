/** Whose stream it is. */
export interface StreamReader {
  readonly tenantId: string;
  readonly principalId: string;
}

/** Where answers that are streams are read again. */
export abstract class StreamSource {
  /**
   * A stream from its first event, then live to its end; `undefined` when it broke and nothing of it is kept.
   *
   * @throws {AppError} `RESUME_UNAVAILABLE` while nobody can say what became of it, or once it is no longer kept
   */
  abstract again(streamId: string, reader: StreamReader): Promise<AsyncIterable<Uint8Array> | undefined>;
}
