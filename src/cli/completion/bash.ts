import { DEFAULT_COMMAND } from '../default-command.js';
import type { CompletedCommand, Offer } from './completed.js';

/** A completion script for bash 3.2 and later. */
export function bashCompletion(commands: readonly CompletedCommand[]): string {
  const names = commands.map(({ name }) => name).join(' ');
  return `# bash completion of millrace. In ~/.bashrc: source <(millrace completion bash)
_millrace() {
  local current="\${COMP_WORDS[COMP_CWORD]}" before="\${COMP_WORDS[COMP_CWORD-1]}"
  local command=${DEFAULT_COMMAND}
  case "\${COMP_WORDS[1]}" in
    ${commands.map(({ name }) => name).join('|')}) [ "$COMP_CWORD" -gt 1 ] && command="\${COMP_WORDS[1]}" ;;
  esac
  COMPREPLY=()
  case "$command:$before" in
${commands.flatMap(valueCases).join('\n')}
  esac
  case "$current" in
    -*)
      case "$command" in
${commands.map(optionCase).join('\n')}
      esac
      return ;;
  esac
  if [ "$COMP_CWORD" -eq 1 ]; then
    COMPREPLY=($(compgen -W "${names}" -- "$current"))
    return
  fi
  case "$command" in
${commands.map(({ name, operands }) => `    ${name}) ${offered(operands)} ;;`).join('\n')}
  esac
}
complete -o bashdefault -F _millrace millrace
`;
}

function valueCases({ name, options }: CompletedCommand): string[] {
  return options.flatMap(({ names, value }) =>
    value === undefined
      ? []
      : `    ${names.map((one) => `${name}:${one}`).join('|')}) ${offered(value)}; return ;;`,
  );
}

function optionCase({ name, options }: CompletedCommand): string {
  const words = options.flatMap(({ names }) => names).join(' ');
  return `        ${name}) COMPREPLY=($(compgen -W "${words}" -- "$current")) ;;`;
}

function offered(offer: Offer): string {
  if (offer === 'file') return paths('-f');
  if (offer === 'dir') return paths('-d');
  if (offer.length === 0) return ':';
  return `COMPREPLY=($(compgen -W "${offer.join(' ')}" -- "$current"))`;
}

/** Names may hold spaces: they are parted by line feeds, and quoted where they are put in. */
function paths(kind: '-f' | '-d'): string {
  return `local IFS=$'\\n'; compopt -o filenames 2>/dev/null; COMPREPLY=($(compgen ${kind} -- "$current"))`;
}
