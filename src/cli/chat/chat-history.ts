import { mkdir, readdir, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { getDataFolder } from '../folders.js';
import type { Terminal } from '../terminal.js';
import { readChat, type SavedChat, toPrompts, writeChat } from './saved-chat.js';

/** A chat of the history. */
export interface PastChat extends SavedChat {
  readonly file: string;
  /** When it was last written. */
  readonly time: Date;
}

/** The chats of a user: one file each, which only the user can read. */
export class ChatHistory {
  /** The folder. */
  readonly folder: string;

  constructor(terminal: Terminal) {
    this.folder = join(getDataFolder(terminal), 'chats');
  }

  /** The name of a file for a new chat. Names sort by time. */
  createFile(): string {
    const time = new Date().toISOString().replace(/[:.]/g, '-');
    return join(this.folder, `${time}.json`);
  }

  has(file: string): boolean {
    return file.startsWith(this.folder);
  }

  async save(file: string, chat: SavedChat): Promise<void> {
    await mkdir(this.folder, { recursive: true, mode: 0o700 });
    await writeChat(file, chat);
  }

  /** The latest chats, the last one first. What isn't a chat is left out. */
  async list(most: number): Promise<PastChat[]> {
    const names = await readdir(this.folder).catch((): string[] => []);
    const files = await Promise.all(
      names
        .filter((name) => name.endsWith('.json'))
        .map(async (name) => {
          const file = join(this.folder, name);
          return { file, time: (await stat(file)).mtime };
        }),
    );
    files.sort((one, other) => other.time.getTime() - one.time.getTime());
    const chats = files.slice(0, most).map(async ({ file, time }) => {
      const chat = await readChat(file).catch(() => undefined);
      return chat === undefined ? [] : [{ ...chat, file, time }];
    });
    return (await Promise.all(chats)).flat();
  }

  /** What the user asked in the latest chats, the latest last. */
  async listPrompts(): Promise<string[]> {
    const chats = await this.list(RECENT);
    return chats.reverse().flatMap(toPrompts);
  }
}

/** So many chats are read for the arrow keys. */
const RECENT = 20;
