import { parseArgs } from 'node:util';

/** What the command line says. */
export interface Arguments {
  prompt: string;
  model: string;
  maxTokens: number;
  system: string | undefined;
  temperature: number | undefined;
  thinking: boolean;
  json: boolean;
  baseURL: string | undefined;
  replay: string | undefined;
  help: boolean;
  version: boolean;
}

/** The command line is wrong; the message says what to write instead. */
export class UsageError extends Error {}

const OPTIONS = {
  model: { type: 'string', short: 'm', default: 'claude-opus-4-8' },
  'max-tokens': { type: 'string', default: '4096' },
  system: { type: 'string', short: 's' },
  temperature: { type: 'string' },
  thinking: { type: 'boolean', default: false },
  json: { type: 'boolean', default: false },
  'base-url': { type: 'string' },
  replay: { type: 'string' },
  help: { type: 'boolean', short: 'h', default: false },
  version: { type: 'boolean', default: false },
} as const;

export const HELP = `Usage: millrace [options] [prompt ...]
       millrace serve [options]      an emulator of the API; millrace serve --help tells more

Streams an answer to stdout as it is written. Everything else goes to stderr.
A prompt that is piped in is added to the one on the command line.
Without ANTHROPIC_API_KEY the built-in emulator answers, with a story of its own.

  -m, --model NAME       the model to ask (default: claude-opus-4-8)
      --max-tokens N     the most tokens to write (default: 4096)
  -s, --system TEXT      the system prompt
      --temperature N    0 to 1
      --thinking         let the model think first; shown on a terminal, never in a pipe
      --json             print the finished message as JSON, nothing before it
      --base-url URL     another server than https://api.anthropic.com
      --replay FILE      play a recording instead of asking: JSON lines of events, or raw SSE
  -h, --help             this text
      --version          the version

Ctrl-C ends the answer; what came stays, and the exit code is 130.

Examples:
  millrace "Write a story"
  git diff | millrace "Review this change"
  millrace --json "What is 2+2?" | jq .usage
`;

/** @throws UsageError */
export function parseArguments(argv: readonly string[]): Arguments {
  const { values, positionals } = parse(argv);
  return {
    prompt: positionals.join(' '),
    model: values.model,
    maxTokens: numberIn('--max-tokens', values['max-tokens'], 1, Number.MAX_SAFE_INTEGER),
    system: values.system,
    temperature:
      values.temperature === undefined
        ? undefined
        : numberIn('--temperature', values.temperature, 0, 1),
    thinking: values.thinking,
    json: values.json,
    baseURL: values['base-url'],
    replay: values.replay,
    help: values.help,
    version: values.version,
  };
}

const parseKnown = (argv: readonly string[]) =>
  parseArgs({ args: [...argv], options: OPTIONS, allowPositionals: true });

function parse(argv: readonly string[]): ReturnType<typeof parseKnown> {
  try {
    return parseKnown(argv);
  } catch (error) {
    throw new UsageError((error as Error).message);
  }
}

function numberIn(option: string, value: string, least: number, most: number): number {
  const number = Number(value);
  if (value.trim() !== '' && number >= least && number <= most) return number;
  throw new UsageError(`${option} is '${value}': give a number from ${least} to ${most}`);
}
