import { randomUUID } from 'node:crypto';
import { constants, type FileHandle, link, mkdir, open, rename, rm } from 'node:fs/promises';
import { dirname } from 'node:path';
import { codeOf } from '#src/kernel/index.js';
import { PrivateFiles } from '../private-files.port.js';

const OWNER_FILE = 0o600;
const OWNER_FOLDER = 0o700;
const OTHERS = 0o077;

export class NodePrivateFiles extends PrivateFiles {
  async read(path: string): Promise<string | undefined> {
    try {
      await using file = await open(path, constants.O_RDONLY | constants.O_NOFOLLOW);
      await mustBePrivate(file);
      return await file.readFile('utf8');
    } catch (error) {
      if (codeOf(error) === 'ENOENT') return undefined;
      throw error;
    }
  }

  async create(path: string, text: string): Promise<void> {
    const folder = dirname(path);
    await mkdir(folder, { recursive: true, mode: OWNER_FOLDER });
    const draft = `${path}.${randomUUID()}`;
    try {
      await writeThrough(draft, text);
      await publish(draft, path);
    } finally {
      await rm(draft, { force: true });
    }
    await syncFolder(folder);
  }
}

async function mustBePrivate(file: FileHandle): Promise<void> {
  const facts = await file.stat();
  if (!facts.isFile()) throw new Error('Not a regular file');
  if ((facts.mode & OTHERS) !== 0) await file.chmod(OWNER_FILE);
}

async function writeThrough(path: string, text: string): Promise<void> {
  await using file = await open(path, 'wx', OWNER_FILE);
  await file.writeFile(text, 'utf8');
  await file.sync();
}

/** A hard link fails where a rename would overwrite; some file systems have no links. */
async function publish(draft: string, path: string): Promise<void> {
  try {
    await link(draft, path);
  } catch (error) {
    if (codeOf(error) !== 'EEXIST') await rename(draft, path);
  }
}

async function syncFolder(folder: string): Promise<void> {
  await using handle = await open(folder, constants.O_RDONLY);
  await handle.sync();
}
