import { DEFAULT_COMMAND } from '../default-command.js';
import type { CompletedCommand, CompletedOption, Offer } from './completed.js';

/** A completion script for zsh. */
export function zshCompletion(commands: readonly CompletedCommand[]): string {
  return `#compdef millrace
# zsh completion of millrace. In ~/.zshrc, after compinit: source <(millrace completion zsh)
_millrace() {
  local command=${DEFAULT_COMMAND}
  local -a commands=(
${commands.map(({ name, summary }) => `    ${quoted(`${name}:${summary}`)}`).join('\n')}
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
${commands.map(argumentsOf).join('\n')}
  esac
}
compdef _millrace millrace
`;
}

function argumentsOf({ name, options, operands }: CompletedCommand): string {
  const specs = [...options.flatMap(specsOf), `*:${name}:${action(operands)}`];
  return `    ${name})
      _arguments \\
${specs.map((spec) => `        ${quoted(spec)}`).join(' \\\n')} ;;`;
}

function specsOf({ names, help, value }: CompletedOption): string[] {
  const about = help.replace(/[[\]:\\]/g, '\\$&');
  const takes = value === undefined ? '' : `:value:${action(value)}`;
  return names.map((name) => `*${name}[${about}]${takes}`);
}

function action(offer: Offer): string {
  if (offer === 'file') return '_files';
  if (offer === 'dir') return '_files -/';
  // An empty list, and no message: a message would keep an option from being filled in.
  return `(${offer.join(' ')})`;
}

const quoted = (text: string): string => `'${text.replaceAll("'", "'\\''")}'`;
