import { EventFile } from '../answer/event-file.js';
import { textView } from '../answer/text-view.js';
import { Chat } from '../chat/chat.js';
import { ChatLines } from '../chat/chat-lines.js';
import { chatWordLines, takeLine } from '../chat/chat-words.js';
import { type Command, command } from '../command.js';
import { DONE, SIGNAL_CODES } from '../exit-codes.js';
import { HELP, NETWORK, QUESTION, RECORD, SHOWING, WRITING } from '../options/options.js';
import { contentOf, streamOptions, writingParams } from '../question/request-params.js';
import { withClient } from '../question/with-client.js';

export const chatCommand: Command = command({
  summary: 'talk, turn after turn',
  usage: 'chat [options] [prompt ...]',
  about: `Each line is a turn, and the model gets all turns before it. Ctrl-C stops an answer; what came
stays in the conversation. From a pipe each line is a turn too, up to the first answer that fails.

${chatWordLines().join('\n')}`,
  options: {
    'The question': QUESTION,
    'The answer': WRITING,
    'What is shown': { ...SHOWING, ...RECORD },
    'When something goes wrong': NETWORK,
    Other: HELP,
  },
  examples: [
    'millrace chat',
    'millrace chat --file report.pdf "What is it about?"',
    'millrace chat --system "You are a miller" < questions.txt',
  ],
  run: async ({ values, operands }, terminal) => {
    const prompt = operands.join(' ');
    const first = await contentOf(prompt, values.file);
    const record = values.record === undefined ? undefined : await EventFile.open(values.record);
    const lines = new ChatLines(terminal);
    try {
      return await withClient(values['base-url'], terminal, async (client) => {
        const params = writingParams(values);
        const options = streamOptions(values);
        const { smooth, usage, system } = values;
        const manner = { client, params, options, view: textView, smooth, usage, record };
        const chat = new Chat(manner, system, lines, terminal);
        if (prompt !== '') await chat.ask(first);
        return talk(chat, lines);
      });
    } finally {
      lines.close();
      await record?.close();
    }
  },
});

/** Until there are no lines any more, or one of them ends it. */
async function talk(chat: Chat, lines: ChatLines): Promise<number> {
  while (chat.code === undefined) {
    const line = await lines.next();
    if (line === undefined) return lines.isInterrupted ? SIGNAL_CODES.SIGINT : DONE;
    await takeLine(chat, line);
  }
  return chat.code;
}
