import { type Command, command } from '../command.js';
import { ADDRESS, HELP } from '../options/options.js';
import { UsageError } from '../usage-error.js';

export const serveCommand: Command = command({
  summary: 'serve an emulator of the API to clients in any language',
  usage: 'serve [options]',
  about: `Serves an emulator of the Messages API to clients in any language, and prints a line per request.
Without a script it replies with built-in stories, after what was asked. It accepts any API key.

A script is a JSON list of replies: texts, lists of content blocks, messages or {"error": 529}.
After the last reply it starts over. It can also be a JavaScript module whose default export is
what createEmulator() takes.`,
  options: {
    Address: {
      ...ADDRESS,
      tls: {
        type: 'flag',
        help: 'speak HTTP/2 and HTTP/1.1 over TLS, with a certificate that is made now',
      },
      'cert-out': { type: 'file', value: 'FILE', help: 'with --tls: write that certificate here' },
      'max-streams': {
        type: 'count',
        value: 'N',
        help: 'with --tls: the most streams of an HTTP/2 connection at once',
      },
    },
    Replies: {
      script: { type: 'file', value: 'FILE', help: 'the replies' },
      replay: { type: 'dir', value: 'DIR', help: 'reply from recordings instead' },
      ignore: {
        type: 'text',
        value: 'FIELD',
        multiple: true,
        help: 'with --replay: a field in which a request may differ, such as metadata.user_id',
      },
      pace: {
        type: 'count',
        value: 'N',
        help: 'tokens per second (default: a reading pace for stories, no delays for a script)',
      },
      faults: {
        type: 'text',
        value: 'SPEC',
        help: 'the faults of each response, such as cut@120, pause=500@text,crlf, stall@event:3 or random=7; docs/testing.md lists them',
      },
    },
    Checks: {
      models: {
        type: 'file',
        value: 'FILE',
        help: 'a JSON list of models that are newer than the emulator, with their limits; docs/testing.md has the fields',
      },
    },
    Other: HELP,
  },
  operands: [],
  examples: [
    `millrace serve --faults stall@text &
  curl -N http://127.0.0.1:8080/v1/messages -H 'x-api-key: test' -H 'anthropic-version: 2023-06-01' \\
    -d '{"model":"claude-opus-4-8","max_tokens":99,"stream":true,"messages":[{"role":"user","content":"Hi"}]}'`,
  ],
  run: async ({ values, operands }, terminal) => {
    if (operands[0] !== undefined) {
      throw new UsageError(`unexpected argument '${operands[0]}': serve takes options only`);
    }
    const { port, host, tls, 'cert-out': certOut, 'max-streams': maxStreams } = values;
    if (!tls && (certOut ?? maxStreams) !== undefined) {
      throw new UsageError('--cert-out and --max-streams need --tls');
    }
    const address = { port, host, tls, maxStreams, certOut, toExports };
    const { toHost } = await import('../emulator/to-host.js');
    const { serveUntilStopped } = await import('../emulator/serve-until-stopped.js');
    return serveUntilStopped(await toHost(values), address, terminal);
  },
});

/** Any key will do; clients refuse to start without one. */
const toExports = (url: string): string[] => [
  `export ANTHROPIC_BASE_URL=${url}`,
  'export ANTHROPIC_API_KEY=test',
];
