import { type Command, command } from '../command.js';
import { ADDRESS, HELP, UPSTREAM } from '../options/options.js';
import { readEnv } from '../terminal.js';
import { UsageError } from '../usage-error.js';

export const recordCommand: Command = command({
  summary: 'record the exchanges between any client and the API',
  usage: 'record [options] DIR',
  about: `Serves a proxy of the API that writes each exchange to a file in DIR, without keys. Point any client
at it, with your key. To record a single answer of this command, use millrace --record FILE.`,
  options: {
    Address: ADDRESS,
    Upstream: {
      upstream: {
        type: 'text',
        value: 'URL',
        help: `the API (default: ANTHROPIC_BASE_URL, else ${UPSTREAM})`,
      },
      'base-url': { type: 'text', value: 'URL', help: 'the same, as in other commands' },
    },
    Other: HELP,
  },
  operands: 'dir',
  examples: [
    `millrace record recordings &
  ANTHROPIC_BASE_URL=http://127.0.0.1:8080 python my_app.py
  millrace replay recordings/0001.jsonl`,
    'millrace serve --replay recordings',
  ],
  run: async ({ values, operands }, terminal) => {
    const [dir, ...more] = operands;
    if (dir === undefined || more.length > 0) {
      throw new UsageError('name one folder: millrace record recordings');
    }
    const upstream =
      values.upstream ?? values['base-url'] ?? readEnv(terminal, 'ANTHROPIC_BASE_URL') ?? UPSTREAM;
    const onError = ({ message }: Error): void => terminal.stderr.printLine(`millrace: ${message}`);
    const options = { upstream, dir, keepRequests: false, onError };
    const { record } = await import('../../testing/index.js');
    const host = await record(options).catch((error: Error) => {
      throw new UsageError(error.message);
    });
    const toExports = (url: string): string[] => [`export ANTHROPIC_BASE_URL=${url}`];
    const { serveUntilStopped } = await import('../emulator/serve-until-stopped.js');
    return serveUntilStopped(host, { port: values.port, host: values.host, toExports }, terminal);
  },
});
