import type { Command } from './command.js';
import { chatCommand } from './commands/chat.js';
import { completionCommand } from './commands/completion.js';
import { helpCommand } from './commands/help.js';
import { inspectCommand } from './commands/inspect.js';
import { modelsCommand } from './commands/models.js';
import { recordCommand } from './commands/record.js';
import { relayCommand } from './commands/relay.js';
import { replayCommand } from './commands/replay.js';
import { serveCommand } from './commands/serve.js';
import { streamCommand } from './commands/stream.js';
import { tokensCommand } from './commands/tokens.js';

/** All commands by name, in the order of the help. */
export const COMMANDS: Readonly<Record<string, Command>> = {
  stream: streamCommand,
  chat: chatCommand,
  tokens: tokensCommand,
  models: modelsCommand,
  record: recordCommand,
  replay: replayCommand,
  inspect: inspectCommand,
  serve: serveCommand,
  relay: relayCommand,
  completion: completionCommand(() => COMMANDS),
  help: helpCommand(() => COMMANDS),
};
