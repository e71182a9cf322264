import { parseArgs } from 'node:util';
import { UsageError } from './args.js';

/** What the command line of `millrace serve` says. */
export interface ServeArguments {
  port: number;
  host: string;
  script: string | undefined;
  replay: string | undefined;
  faults: string | undefined;
  help: boolean;
}

const OPTIONS = {
  port: { type: 'string', short: 'p', default: '8080' },
  host: { type: 'string', default: '127.0.0.1' },
  script: { type: 'string' },
  replay: { type: 'string' },
  faults: { type: 'string' },
  help: { type: 'boolean', short: 'h', default: false },
} as const;

export const SERVE_HELP = `Usage: millrace serve [options]

Serves an emulator of the Messages API, for a client in any language: one line per request.
Without a script it tells a story of its own. Any API key will do.

  -p, --port N        the port (default: 8080; 0 is any that is free)
      --host ADDRESS  where to listen (default: 127.0.0.1)
      --script FILE   the replies, in turn and then from the first again: a JSON list of texts,
                      lists of content blocks, messages or {"error": 529}; or a JavaScript module
                      whose default export is what createEmulator() takes
      --replay DIR    answer from recordings instead
      --faults SPEC   what goes wrong with each answer, such as cut@120, pause=500@text,crlf,
                      stall@event:3 or random=7; docs/testing.md lists them
  -h, --help          this text

Example:
  millrace serve --faults stall@text &
  curl -N http://127.0.0.1:8080/v1/messages -H 'x-api-key: test' -H 'anthropic-version: 2023-06-01' \\
    -d '{"model":"claude-opus-4-8","max_tokens":99,"stream":true,"messages":[{"role":"user","content":"Hi"}]}'
`;

/** @throws UsageError */
export function parseServeArguments(argv: readonly string[]): ServeArguments {
  const { port, ...values } = parse(argv);
  if (!/^\d+$/.test(port) || Number(port) > 65_535) {
    throw new UsageError(`--port is '${port}': give a number from 0 to 65535`);
  }
  if (values.replay !== undefined && (values.script ?? values.faults) !== undefined) {
    throw new UsageError('--replay plays recordings as they are: leave --script and --faults out');
  }
  return {
    port: Number(port),
    host: values.host,
    script: values.script,
    replay: values.replay,
    faults: values.faults,
    help: values.help,
  };
}

const parseKnown = (argv: readonly string[]) => parseArgs({ args: [...argv], options: OPTIONS });

function parse(argv: readonly string[]): ReturnType<typeof parseKnown>['values'] {
  try {
    return parseKnown(argv).values;
  } catch (error) {
    throw new UsageError((error as Error).message);
  }
}
