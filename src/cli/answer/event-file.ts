import { type FileHandle, open } from 'node:fs/promises';
import type { MessageStreamEvent } from '../../index.js';
import { UsageError } from '../usage-error.js';
import { jsonLine } from './json-views.js';

/** A file that keeps the events of answers, as `--jsonl` would print them. */
export class EventFile {
  readonly #name: string;
  readonly #file: FileHandle;

  private constructor(name: string, file: FileHandle) {
    this.#name = name;
    this.#file = file;
  }

  /** Empties it where it is there. @throws UsageError (rejects) where it cannot be written. */
  static async open(name: string): Promise<EventFile> {
    const file = await open(name, 'w').catch((error: Error) => refuse(name, error));
    return new EventFile(name, file);
  }

  /** @throws UsageError (rejects) */
  async add(event: MessageStreamEvent): Promise<void> {
    await this.#file.write(jsonLine(event)).catch((error: Error) => refuse(this.#name, error));
  }

  async close(): Promise<void> {
    await this.#file.close();
  }
}

function refuse(name: string, error: Error): never {
  throw new UsageError(`--record ${name}: ${error.message}`);
}
