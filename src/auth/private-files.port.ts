/** Small text files that only the owner of the process may read. */
export abstract class PrivateFiles {
  /**
   * The whole text; `undefined` when there is no such file. Rejects when it cannot be read or is no regular file.
   * A file that others may read is made private first.
   */
  abstract read(path: string): Promise<string | undefined>;

  /**
   * Creates a file with its missing folders, all or nothing, safe against a power cut. An existing file stays as it is:
   * of two processes racing for one path, both go on with the file of the first.
   */
  abstract create(path: string, text: string): Promise<void>;
}
