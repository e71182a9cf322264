import { EventFile } from '../answer/event-file.js';
import { textView } from '../answer/text-view.js';
import { DONE } from '../exit-codes.js';
import type { FlattenedGroups } from '../options/option.js';
import type { Parsed } from '../options/parse-options.js';
import { toContent, toParams, toStreamOptions } from '../request/request-params.js';
import { withClient } from '../request/with-client.js';
import type { Terminal } from '../terminal.js';
import { UsageError } from '../usage-error.js';
import { Chat } from './chat.js';
import { ChatHistory } from './chat-history.js';
import type { ChatInput } from './chat-input.js';
import type { CHAT_OPTIONS } from './chat-options.js';
import { PipedInput } from './piped-input.js';
import { runMessage } from './slash-commands.js';
import { TypedInput } from './typed-input.js';

type ParsedChat = Parsed<FlattenedGroups<typeof CHAT_OPTIONS>>;

/** Runs a chat to its end. @returns the exit code. */
export async function runChat(parsed: ParsedChat, terminal: Terminal): Promise<number> {
  const { values, operands } = parsed;
  const prompt = operands.join(' ');
  const first = await toContent(prompt, values.file);
  const history = values['no-history'] ? undefined : new ChatHistory(terminal);
  const past = values.continue ? await getLatest(history ?? new ChatHistory(terminal)) : undefined;
  const record = values.record === undefined ? undefined : await EventFile.open(values.record);
  try {
    return await withClient(values, terminal, async (client) => {
      const { smooth, usage, system } = values;
      const params = toParams(values);
      const options = toStreamOptions(values);
      const settings = { client, params, options, view: textView, smooth, usage, record };
      const input = await openInput(terminal, history);
      try {
        const chat = new Chat(settings, system, input, terminal, history);
        if (past !== undefined) {
          const model = parsed.given.has('model') ? values.model : undefined;
          await chat.resume(past, { model, system });
        }
        if (prompt !== '') await chat.ask(first);
        else if (typeof first !== 'string') for (const file of values.file) await chat.attach(file);
        return await runMessages(chat, input);
      } finally {
        input.close();
      }
    });
  } finally {
    await record?.close();
  }
}

async function getLatest(history: ChatHistory) {
  const [latest] = await history.list(1);
  if (latest !== undefined) return latest;
  throw new UsageError(`--continue: there is no earlier chat in ${history.folder}`);
}

async function openInput(terminal: Terminal, history: ChatHistory | undefined): Promise<ChatInput> {
  const canDraw = terminal.stdout.canRedraw || terminal.stderr.canRedraw;
  if (terminal.stdin.isTTY !== true || !canDraw) return new PipedInput(terminal);
  return new TypedInput(terminal, (await history?.listPrompts()) ?? []);
}

/** Runs message after message, until there are no more or one of them ends the chat. */
async function runMessages(chat: Chat, input: ChatInput): Promise<number> {
  while (chat.code === undefined) {
    const message = await input.next();
    if (message === undefined) return input.endCode ?? DONE;
    await runMessage(chat, message);
  }
  return chat.code;
}
