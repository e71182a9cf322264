import { type Command, command } from '../command.js';
import { toBashScript } from '../completion/bash.js';
import { describeCommands } from '../completion/describe-commands.js';
import { toFishScript } from '../completion/fish.js';
import { toZshScript } from '../completion/zsh.js';
import { DONE } from '../exit-codes.js';
import { HELP } from '../options/options.js';
import { UsageError } from '../usage-error.js';

const SHELLS = { bash: toBashScript, zsh: toZshScript, fish: toFishScript } as const;
const NAMES = Object.keys(SHELLS) as (keyof typeof SHELLS)[];

/** @param commands returns all commands, this one included; called when the command runs. */
export function completionCommand(commands: () => Readonly<Record<string, Command>>): Command {
  return command({
    summary: 'print a completion script for bash, zsh or fish',
    usage: `completion ${NAMES.join('|')}`,
    about: 'Prints a script that lets a shell complete commands, options and files.',
    options: { Other: HELP },
    operands: NAMES,
    examples: [
      'source <(millrace completion bash)                 # in ~/.bashrc',
      'source <(millrace completion zsh)                  # in ~/.zshrc, after compinit',
      'millrace completion fish | source                  # in ~/.config/fish/config.fish',
    ],
    run: async ({ operands: [shell = '', ...more] }, { stdout }) => {
      if (!Object.hasOwn(SHELLS, shell) || more.length > 0) {
        throw new UsageError(`name one shell: millrace completion ${NAMES.join('|')}`);
      }
      const toScript = SHELLS[shell as keyof typeof SHELLS];
      stdout.print(toScript(describeCommands(commands())));
      return DONE;
    },
  });
}
