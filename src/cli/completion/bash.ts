import { DEFAULT_COMMAND } from '../command.js';
import type { CommandDescription, Suggestions } from './describe-commands.js';

/** A completion script for bash 3.2 and later. */
export function toBashScript(commands: readonly CommandDescription[]): string {
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
${commands.flatMap(toValueCases).join('\n')}
  esac
  case "$current" in
    -*)
      case "$command" in
${commands.map(toOptionCase).join('\n')}
      esac
      return ;;
  esac
  if [ "$COMP_CWORD" -eq 1 ]; then
    COMPREPLY=($(compgen -W "${names}" -- "$current"))
    return
  fi
  case "$command" in
${commands.map(({ name, operands }) => `    ${name}) ${toReply(operands)} ;;`).join('\n')}
  esac
}
complete -o bashdefault -F _millrace millrace
`;
}

function toValueCases({ name, options }: CommandDescription): string[] {
  return options.flatMap(({ names, value }) =>
    value === undefined
      ? []
      : `    ${names.map((one) => `${name}:${one}`).join('|')}) ${toReply(value)}; return ;;`,
  );
}

function toOptionCase({ name, options }: CommandDescription): string {
  const words = options.flatMap(({ names }) => names).join(' ');
  return `        ${name}) COMPREPLY=($(compgen -W "${words}" -- "$current")) ;;`;
}

function toReply(suggestions: Suggestions): string {
  if (suggestions === 'file') return toPaths('-f');
  if (suggestions === 'dir') return toPaths('-d');
  if (suggestions.length === 0) return ':';
  return `COMPREPLY=($(compgen -W "${suggestions.join(' ')}" -- "$current"))`;
}

/** Names can contain spaces: bash splits them at line feeds and quotes them. */
function toPaths(kind: '-f' | '-d'): string {
  return `local IFS=$'\\n'; compopt -o filenames 2>/dev/null; COMPREPLY=($(compgen ${kind} -- "$current"))`;
}
