import { readFile, rename, writeFile } from 'node:fs/promises';
import type { MessageParam } from '../../index.js';
import { textOfContent } from './text-of-content.js';

/** A chat in a file: params of a request, as `messages.stream()` takes them. */
export interface SavedChat {
  readonly model?: string | undefined;
  readonly max_tokens?: number | undefined;
  readonly system?: string | undefined;
  readonly messages: readonly MessageParam[];
}

/** @throws Error (rejects) if it can't be read or isn't a chat. */
export async function readChat(file: string): Promise<SavedChat> {
  const chat: unknown = JSON.parse(await readFile(file, 'utf8'));
  if (isChat(chat)) return chat;
  throw new Error('it is no chat: give a JSON object with messages, as /save writes it');
}

/** Replaces the file at once: it is never half written. Only its owner can read it. */
export async function writeChat(file: string, chat: SavedChat): Promise<void> {
  const draft = `${file}.${process.pid}.tmp`;
  await writeFile(draft, `${JSON.stringify(chat, null, 2)}\n`, { mode: 0o600 });
  await rename(draft, file);
}

/** The texts of the user, the latest last. */
export function toPrompts({ messages }: SavedChat): string[] {
  return messages
    .filter(({ role }) => role === 'user')
    .map(({ content }) => textOfContent(content))
    .filter((text) => text !== '');
}

function isChat(value: unknown): value is SavedChat {
  const { messages, model, system } = (value ?? {}) as { [name: string]: unknown };
  return (
    Array.isArray(messages) &&
    messages.every(
      (turn) =>
        ['user', 'assistant', 'system'].includes(turn?.role) &&
        (typeof turn.content === 'string' || Array.isArray(turn.content)),
    ) &&
    (model === undefined || typeof model === 'string') &&
    (system === undefined || typeof system === 'string')
  );
}
