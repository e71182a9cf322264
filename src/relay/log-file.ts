import type * as FileSystem from 'node:fs';
import { END, type Entry, isEnd } from './engine.js';
import { withFileLock } from './file-lock.js';

type Promises = (typeof FileSystem)['promises'];

/** Until when a log is kept, and who has its lease; Unix times in milliseconds. */
export interface FileState {
  expires: number;
  epoch: number;
  until: number;
}

/**
 * The log of one stream in files: `.jsonl` has a line for each entry, `.state` the lease and the expiry. Lines are
 * appended under a lock. A line that a killed process has not finished is cut off by the next append.
 *
 *   {"epoch":1,"seq":0,"payload":{…}}
 */
export class LogFile {
  readonly path: string;
  readonly #fs: Promises;
  /** What was read so far, up to the end of a line. */
  #entries: Entry[] = [];
  #offset = 0;
  #identity: number | undefined;
  #reading: Promise<unknown> = Promise.resolve();

  constructor(fs: Promises, path: string) {
    this.#fs = fs;
    this.path = path;
  }

  /** All entries. One read at a time: each goes on where the one before ended. */
  read(): Promise<readonly Entry[]> {
    const read = this.#reading.then(() => this.#read());
    this.#reading = read.catch(() => {});
    return read;
  }

  async #read(): Promise<readonly Entry[]> {
    const file = await this.#fs.open(`${this.path}.jsonl`, 'r').catch(ignoreMissing);
    if (file === undefined) {
      this.#forget();
      return [];
    }
    try {
      const { size, ino } = await file.stat();
      if (ino !== this.#identity || size < this.#offset) this.#forget();
      this.#identity = ino;
      if (size === this.#offset) return this.#entries;
      const bytes = new Uint8Array(size - this.#offset);
      const { bytesRead } = await file.read(bytes, 0, bytes.length, this.#offset);
      this.#take(bytes.subarray(0, bytesRead));
      return this.#entries;
    } finally {
      await file.close();
    }
  }

  /** Appends what `choose` makes of the entries so far. */
  async append(choose: (entries: readonly Entry[]) => readonly Entry[]): Promise<void> {
    await withFileLock(this.#fs, `${this.path}.lock`, async () => {
      const added = choose(await this.read());
      if (added.length === 0) return;
      const text = added.map(encodeLine).join('');
      const file = await this.#fs.open(`${this.path}.jsonl`, this.#offset === 0 ? 'a+' : 'r+');
      try {
        await file.truncate(this.#offset);
        await file.write(text, this.#offset);
      } finally {
        await file.close();
      }
    });
  }

  async state(): Promise<FileState | undefined> {
    const text = await this.#fs.readFile(`${this.path}.state`, 'utf8').catch(ignoreMissing);
    return text === undefined ? undefined : (JSON.parse(text) as FileState);
  }

  async setState(state: FileState): Promise<void> {
    // Renamed, so that no reader finds half of it.
    const draft = `${this.path}.${crypto.randomUUID()}.tmp`;
    await this.#fs.writeFile(draft, JSON.stringify(state));
    await this.#fs.rename(draft, `${this.path}.state`);
  }

  async remove(): Promise<void> {
    this.#forget();
    for (const end of ['jsonl', 'state']) await this.#fs.rm(`${this.path}.${end}`, { force: true });
  }

  #forget(): void {
    this.#entries = [];
    this.#offset = 0;
    this.#identity = undefined;
  }

  #take(bytes: Uint8Array): void {
    const end = bytes.lastIndexOf(LF) + 1;
    const lines = new TextDecoder().decode(bytes.subarray(0, end)).split('\n');
    // A new list: the old one may be in use.
    this.#entries = [...this.#entries, ...lines.flatMap((line) => decodeLine(line) ?? [])];
    this.#offset += end;
  }
}

const LF = 0x0a;

function encodeLine(entry: Entry): string {
  const [epoch, seq] = isEnd(entry) ? ['null', 'null'] : [entry.epoch, entry.seq];
  return `{"epoch":${epoch},"seq":${seq},"payload":${entry.payload}}\n`;
}

const LINE = /^\{"epoch":(null|\d+),"seq":(?:null|(\d+)),"payload":/;

function decodeLine(line: string): Entry | undefined {
  const match = LINE.exec(line);
  if (match === null) return undefined;
  const payload = line.slice(match[0].length, -1);
  if (match[1] === 'null') return { ...END, payload };
  return { epoch: Number(match[1]), seq: Number(match[2]), payload };
}

function ignoreMissing(error: { code?: string }): undefined {
  if (error.code !== 'ENOENT') throw error;
}
