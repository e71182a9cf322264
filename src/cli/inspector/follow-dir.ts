import { watch } from 'node:fs';
import { type FileHandle, open } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { redactRecording } from '../../testing/index.js';
import type { Feed } from './feed.js';
import { isRecording, listRecordings } from './recording-files.js';

/**
 * Tells a feed of the recordings in a folder, of more of them, and of what is added to each.
 * @returns a function that ends it.
 */
export async function followDir(dir: string, feed: Feed): Promise<() => void> {
  const files = new Map<string, GrowingFile>();
  const look = (path: string): void => {
    const file = files.get(path) ?? new GrowingFile(path, feed);
    files.set(path, file);
    file.look();
  };
  const watcher = watch(dir, (_, name) => {
    if (name !== null && isRecording(name)) look(join(dir, name));
  });
  // A folder that is removed: there is no more to tell.
  watcher.on('error', () => watcher.close());
  for (const path of await listRecordings(dir)) look(path);
  return () => watcher.close();
}

function isJson(line: string): boolean {
  try {
    return JSON.parse(line) !== undefined;
  } catch {
    return false;
  }
}

/** A file that is read from where the last look ended. */
class GrowingFile {
  readonly #path: string;
  readonly #feed: Feed;
  #read = 0;
  /** A line that isn't whole. */
  #rest = Buffer.alloc(0);
  #isReading = false;
  #isAgain = false;

  constructor(path: string, feed: Feed) {
    this.#path = path;
    this.#feed = feed;
  }

  /** Reads what is new. A look during another follows it. */
  look(): void {
    if (this.#isReading) {
      this.#isAgain = true;
      return;
    }
    this.#isReading = true;
    void this.#more().finally(() => {
      this.#isReading = false;
      if (!this.#isAgain) return;
      this.#isAgain = false;
      this.look();
    });
  }

  async #more(): Promise<void> {
    const handle = await open(this.#path).catch(() => undefined);
    // It was removed meanwhile.
    if (handle === undefined) return;
    try {
      await this.#readFrom(handle);
    } finally {
      await handle.close();
    }
  }

  async #readFrom(handle: FileHandle): Promise<void> {
    const { size } = await handle.stat();
    const file = basename(this.#path);
    const isNew = size < this.#read;
    if (isNew) {
      this.#read = 0;
      this.#rest = Buffer.alloc(0);
    }
    if (size === this.#read) return;
    const bytes = Buffer.alloc(size - this.#read);
    const { bytesRead } = await handle.read(bytes, 0, bytes.length, this.#read);
    this.#read += bytesRead;
    const all = Buffer.concat([this.#rest, bytes.subarray(0, bytesRead)]);
    const rest = all.subarray(all.lastIndexOf('\n') + 1);
    // The last line of a file may have no line end.
    const end = isJson(rest.toString()) ? all.length : all.length - rest.length;
    this.#rest = all.subarray(end);
    if (end > 0)
      this.#feed.say({
        file,
        text: redactRecording(all.toString('utf8', 0, end)),
        ...(isNew && { isNew }),
      });
  }
}
