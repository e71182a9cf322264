import { EventFile } from '../answer/event-file.js';
import { textView } from '../answer/text-view.js';
import { Chat } from '../chat/chat.js';
import { ChatLines } from '../chat/chat-lines.js';
import { listSlashCommands, runLine } from '../chat/slash-commands.js';
import { type Command, command } from '../command.js';
import { DONE, SIGNAL_CODES } from '../exit-codes.js';
import { DISPLAY, GENERATION, HELP, NETWORK, PROMPT, RECORD } from '../options/options.js';
import { toContent, toParams, toStreamOptions } from '../request/request-params.js';
import { withClient } from '../request/with-client.js';

export const chatCommand: Command = command({
  summary: 'chat with a model, turn by turn',
  usage: 'chat [options] [prompt ...]',
  about: `Each line is a turn, sent with all turns before it. Ctrl-C stops an answer; the text received so far
stays in the conversation. In a pipe each line is a turn too; the first failure ends the chat.

${listSlashCommands().join('\n')}`,
  options: {
    Prompt: PROMPT,
    Generation: GENERATION,
    Output: { ...DISPLAY, ...RECORD },
    Network: NETWORK,
    Other: HELP,
  },
  examples: [
    'millrace chat',
    'millrace chat --file report.pdf "What is it about?"',
    'millrace chat --system "You are a miller" < questions.txt',
  ],
  run: async ({ values, operands }, terminal) => {
    const prompt = operands.join(' ');
    const first = await toContent(prompt, values.file);
    const record = values.record === undefined ? undefined : await EventFile.open(values.record);
    const lines = new ChatLines(terminal);
    try {
      return await withClient(values, terminal, async (client) => {
        const params = toParams(values);
        const options = toStreamOptions(values);
        const { smooth, usage, system } = values;
        const settings = { client, params, options, view: textView, smooth, usage, record };
        const chat = new Chat(settings, system, lines, terminal);
        if (prompt !== '') await chat.ask(first);
        return runLines(chat, lines);
      });
    } finally {
      lines.close();
      await record?.close();
    }
  },
});

/** Runs line after line, until there are no more or one of them ends the chat. */
async function runLines(chat: Chat, lines: ChatLines): Promise<number> {
  while (chat.code === undefined) {
    const line = await lines.next();
    if (line === undefined) return lines.isInterrupted ? SIGNAL_CODES.SIGINT : DONE;
    await runLine(chat, line);
  }
  return chat.code;
}
