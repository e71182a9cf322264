import { DONE } from '../exit-codes.js';
import type { Chat } from './chat.js';
import { toPrompts } from './saved-chat.js';

/** A line of a chat that isn't a prompt. */
interface SlashCommand {
  usage: string;
  help: string;
  run(chat: Chat, argument: string): Promise<void> | void;
}

/** By the word after the slash. */
const SLASH_COMMANDS: Readonly<Record<string, SlashCommand>> = {
  file: {
    usage: '/file FILE',
    help: 'attach an image, a PDF or a text file to the next message',
    run: async (chat, file) => {
      if (file === '') return chat.say('Name a file: /file chart.png');
      await chat.attach(file).then(
        () => chat.say(`${file} goes with your next message.`),
        (error: Error) => chat.say(error.message),
      );
    },
  },
  model: {
    usage: '/model [NAME]',
    help: 'use another model from here on; without NAME, show it',
    run: (chat, model) => {
      if (model !== '') chat.model = model;
      chat.say(`The model is ${chat.model}.`);
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
  retry: {
    usage: '/retry',
    help: 'send the latest prompt again and replace its answer',
    run: (chat) => {
      const prompt = chat.conversation.takeBack();
      return prompt === undefined ? chat.say('There is no prompt to retry.') : chat.ask(prompt);
    },
  },
  load: {
    usage: '/load [FILE]',
    help: 'continue the chat in a file, or of the list that /load without FILE shows',
    run: async (chat, file) => {
      if (file === '') return listChats(chat);
      await load(chat, file).catch((error: Error) => chat.say(`/load ${file}: ${error.message}`));
    },
  },
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

/** Runs the slash command of a message, or sends the message. A path such as /etc/hosts is sent. */
export async function runMessage(chat: Chat, message: string): Promise<void> {
  const [, name, argument = ''] = /^\/([a-z]+)(?:[^\S\n](.*))?$/.exec(message.trim()) ?? [];
  if (message.trim() === '') return;
  if (name === undefined) return chat.send(message);
  const command = Object.hasOwn(SLASH_COMMANDS, name) ? SLASH_COMMANDS[name] : undefined;
  if (command === undefined) return chat.say(`Unknown command /${name}. /help lists all commands.`);
  await command.run(chat, argument.trim());
}

/** The chats that /load lists. */
const LISTED = 10;
const MAX_TITLE = 50;

async function listChats(chat: Chat): Promise<void> {
  const chats = (await chat.history?.list(LISTED)) ?? [];
  if (chats.length === 0)
    return chat.say('There are no earlier chats. Name a file: /load chat.json');
  chats.forEach((one, at) => {
    const time = one.time.toISOString().slice(0, 16).replace('T', ' ');
    const [title = ''] = toPrompts(one);
    const short = title.length > MAX_TITLE ? `${title.slice(0, MAX_TITLE)}…` : title;
    chat.say(`  /load ${String(at + 1).padEnd(4)}${time}  ${short}`);
  });
}

async function load(chat: Chat, file: string): Promise<void> {
  if (!/^\d{1,2}$/.test(file)) return chat.load(file);
  const past = (await chat.history?.list(LISTED))?.[Number(file) - 1];
  if (past === undefined) throw new Error('there is no such chat; /load lists the latest');
  await chat.resume(past);
}
