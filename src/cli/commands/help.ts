import { type Command, command, DEFAULT_COMMAND } from '../command.js';
import { DONE } from '../exit-codes.js';
import { guessName } from '../guess-name.js';
import { toHelpText } from '../help.js';
import { HELP } from '../options/options.js';
import { UsageError } from '../usage-error.js';

/** @param getCommands returns all commands, this one included; called when the command runs. */
export function helpCommand(getCommands: () => Readonly<Record<string, Command>>): Command {
  return command({
    summary: 'show the help of a command',
    usage: 'help [COMMAND]',
    about: 'Shows the commands, or the options of one; the same as millrace COMMAND --help.',
    options: { Other: HELP },
    examples: ['millrace help', 'millrace help chat'],
    run: async ({ operands: [name = DEFAULT_COMMAND, ...more] }, { stdout }) => {
      const commands = getCommands();
      const found = Object.hasOwn(commands, name) ? commands[name] : undefined;
      if (found === undefined || more.length > 0) {
        const guess = guessName(name, Object.keys(commands));
        const hint = guess === undefined ? 'millrace help lists them' : `did you mean '${guess}'?`;
        throw new UsageError(`there is no command '${[name, ...more].join(' ')}'; ${hint}`);
      }
      stdout.print(toHelpText(found, name === DEFAULT_COMMAND ? commands : undefined));
      return DONE;
    },
  });
}
