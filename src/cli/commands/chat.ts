import { CHAT_OPTIONS } from '../chat/chat-options.js';
import { listSlashCommands } from '../chat/slash-commands.js';
import { type Command, command } from '../command.js';

export const chatCommand: Command = command({
  summary: 'chat with a model, turn by turn',
  usage: 'chat [options] [prompt ...]',
  about: `Each message is sent with all turns before it. A paste is one message. Alt-Enter, Ctrl-J and a
backslash before Enter start another line. The arrow keys show earlier messages. Ctrl-C stops an
answer; the text received so far stays in the conversation.

Chats are kept in ~/.local/share/millrace/chats, or where XDG_DATA_HOME is; only you can read them.

In a pipe each line is a message; lines between two lines of """ are one. The first failure ends
the chat.

${listSlashCommands().join('\n')}`,
  options: CHAT_OPTIONS,
  examples: [
    'millrace chat',
    'millrace chat --continue',
    'millrace chat --file report.pdf "What is it about?"',
    'millrace chat --system "You are a miller" < questions.txt',
  ],
  run: async (parsed, terminal) => {
    const { runChat } = await import('../chat/run-chat.js');
    return runChat(parsed, terminal);
  },
});
