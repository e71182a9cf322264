import { DEFAULT_COMMAND } from '../command.js';
import type { CommandDescription, OptionDescription, Suggestions } from './describe-commands.js';

/** A completion script for zsh. */
export function toZshScript(commands: readonly CommandDescription[]): string {
  return `#compdef millrace
# zsh completion of millrace. In ~/.zshrc, after compinit: source <(millrace completion zsh)
_millrace() {
  local command=${DEFAULT_COMMAND}
  local -a commands=(
${commands.map(({ name, summary }) => `    ${quote(`${name}:${summary}`)}`).join('\n')}
  )
  if (( CURRENT == 2 )) && [[ $words[2] != -* ]]; then
    _describe command commands
    return
  fi
  case $words[2] in
    ${commands.map(({ name }) => name).join('|')})
      command=$words[2]
      shift words
      (( CURRENT-- )) ;;
  esac
  case $command in
${commands.map(toArguments).join('\n')}
  esac
}
compdef _millrace millrace
`;
}

function toArguments({ name, options, operands }: CommandDescription): string {
  const specs = [...options.flatMap(toSpecs), `*:${name}:${toAction(operands)}`];
  return `    ${name})
      _arguments \\
${specs.map((spec) => `        ${quote(spec)}`).join(' \\\n')} ;;`;
}

function toSpecs({ names, help, value }: OptionDescription): string[] {
  const about = help.replace(/[[\]:\\]/g, '\\$&');
  const takes = value === undefined ? '' : `:value:${toAction(value)}`;
  return names.map((name) => `*${name}[${about}]${takes}`);
}

function toAction(suggestions: Suggestions): string {
  if (suggestions === 'file') return '_files';
  if (suggestions === 'dir') return '_files -/';
  // An empty list without a message: with a message zsh wouldn't complete an option.
  return `(${suggestions.join(' ')})`;
}

const quote = (text: string): string => `'${text.replaceAll("'", "'\\''")}'`;
