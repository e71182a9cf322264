import { DONE } from '../exit-codes.js';
import type { Chat } from './chat.js';

/** What a line of a chat does that is no question. */
interface ChatWord {
  usage: string;
  help: string;
  run(chat: Chat, argument: string): Promise<void> | void;
}

/** By what is written after the slash. */
export const CHAT_WORDS: Readonly<Record<string, ChatWord>> = {
  save: {
    usage: '/save FILE',
    help: 'keep the conversation as JSON, as messages.stream() takes it',
    run: async (chat, file) => {
      if (file === '') return chat.say('Name a file: /save chat.json');
      await chat.save(file).then(
        () => chat.say(`Saved to ${file}.`),
        (error: Error) => chat.say(`/save ${file}: ${error.message}`),
      );
    },
  },
  retry: {
    usage: '/retry',
    help: 'ask the latest question again, in place of its answer',
    run: (chat) => {
      const question = chat.conversation.takeBack();
      return question === undefined ? chat.say('There is no question yet.') : chat.ask(question);
    },
  },
  system: {
    usage: '/system [TEXT]',
    help: 'set the system prompt from here on; without a text, show it',
    run: (chat, text) => {
      if (text !== '') chat.conversation.system = text;
      else chat.say(chat.conversation.system ?? 'There is no system prompt.');
    },
  },
  help: {
    usage: '/help',
    help: 'this list',
    run: (chat) => {
      for (const line of chatWordLines()) chat.say(line);
    },
  },
  exit: {
    usage: '/exit',
    help: 'leave; Ctrl-D too, and Ctrl-C twice',
    run: (chat) => {
      chat.code = DONE;
    },
  },
};

export function chatWordLines(): string[] {
  const words = Object.values(CHAT_WORDS);
  return words.map(({ usage, help }) => `  ${usage.padEnd(16)}${help}`);
}

/** Does what a line says; a path such as /etc/hosts is no word, but a question. */
export async function takeLine(chat: Chat, line: string): Promise<void> {
  const [, name, argument = ''] = /^\/([a-z]+)(?:\s+(.*))?$/.exec(line.trim()) ?? [];
  if (line.trim() === '') return;
  if (name === undefined) return chat.ask(line);
  const word = Object.hasOwn(CHAT_WORDS, name) ? CHAT_WORDS[name] : undefined;
  if (word === undefined) return chat.say(`There is no /${name}: /help lists what there is.`);
  await word.run(chat, argument.trim());
}
