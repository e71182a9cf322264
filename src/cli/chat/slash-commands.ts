import { DONE } from '../exit-codes.js';
import type { Chat } from './chat.js';

/** A line of a chat that isn't a prompt. */
interface SlashCommand {
  usage: string;
  help: string;
  run(chat: Chat, argument: string): Promise<void> | void;
}

/** By the word after the slash. */
const SLASH_COMMANDS: Readonly<Record<string, SlashCommand>> = {
  save: {
    usage: '/save FILE',
    help: 'save the conversation as JSON, as messages.stream() takes it',
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
    help: 'send the latest prompt again and replace its answer',
    run: (chat) => {
      const prompt = chat.conversation.takeBack();
      return prompt === undefined ? chat.say('There is no prompt to retry.') : chat.ask(prompt);
    },
  },
  system: {
    usage: '/system [TEXT]',
    help: 'set the system prompt from here on; without TEXT, show it',
    run: (chat, text) => {
      if (text !== '') chat.conversation.system = text;
      else chat.say(chat.conversation.system ?? 'There is no system prompt.');
    },
  },
  help: {
    usage: '/help',
    help: 'show this list',
    run: (chat) => {
      for (const line of listSlashCommands()) chat.say(line);
    },
  },
  exit: {
    usage: '/exit',
    help: 'leave; so do Ctrl-D, and Ctrl-C twice',
    run: (chat) => {
      chat.code = DONE;
    },
  },
};

export function listSlashCommands(): string[] {
  const commands = Object.values(SLASH_COMMANDS);
  return commands.map(({ usage, help }) => `  ${usage.padEnd(16)}${help}`);
}

/** Runs the slash command on a line, or sends the line. A path such as /etc/hosts is sent. */
export async function runLine(chat: Chat, line: string): Promise<void> {
  const [, name, argument = ''] = /^\/([a-z]+)(?:\s(.*))?$/.exec(line.trim()) ?? [];
  if (line.trim() === '') return;
  if (name === undefined) return chat.ask(line);
  const command = Object.hasOwn(SLASH_COMMANDS, name) ? SLASH_COMMANDS[name] : undefined;
  if (command === undefined) return chat.say(`Unknown command /${name}. /help lists all commands.`);
  await command.run(chat, argument.trim());
}
