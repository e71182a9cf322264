import { type FileHandle, open } from 'node:fs/promises';
import type { MessageStreamEvent } from '../../index.js';
import { UsageError } from '../usage-error.js';
import { toJsonLine } from './json-views.js';

/** A file that records the events of answers, as `--jsonl` prints them. */
export class EventFile {
  readonly #name: string;
  readonly #file: FileHandle;

  private constructor(name: string, file: FileHandle) {
    this.#name = name;
    this.#file = file;
  }

  /** Empties the file if it exists. @throws UsageError (rejects) if it can't be written. */
  static async open(name: string): Promise<EventFile> {
    const file = await open(name, 'w').catch((error: Error) => fail(name, error));
    return new EventFile(name, file);
  }

  /** @throws UsageError (rejects) */
  async add(event: MessageStreamEvent): Promise<void> {
    await this.#file.write(toJsonLine(event)).catch((error: Error) => fail(this.#name, error));
  }

  async close(): Promise<void> {
    await this.#file.close();
  }
}

function fail(name: string, error: Error): never {
  throw new UsageError(`--record ${name}: ${error.message}`);
}
