import { type Command, command } from '../command.js';
import { ADDRESS, HELP, NETWORK, UPSTREAM } from '../options/options.js';
import { UsageError } from '../usage-error.js';

export const relayCommand: Command = command({
  summary: 'serve a gateway whose streams survive lost connections',
  usage: 'relay [options]',
  about: `Serves the API to clients in any language, with your keys passed on and never stored. Streams
go through a relay: they are retried, never hang, and can be followed again at /streams/<id>, where
the header x-millrace-stream has the id. Everything else is passed on as it is. On SIGTERM open
streams are handed to other gateways on the same Redis or folder.`,
  options: {
    Address: ADDRESS,
    Upstream: {
      upstream: {
        type: 'text',
        value: 'URL',
        help: `the API (default: ANTHROPIC_BASE_URL, else ${UPSTREAM})`,
      },
      recover: { ...NETWORK.recover, help: 'request the rest of a stream that breaks off' },
      timeout: NETWORK.timeout,
      'max-retries': NETWORK['max-retries'],
    },
    Streams: {
      redis: {
        type: 'text',
        value: 'URL',
        help: 'keep streams in Redis, for several gateways; needs the package ioredis or redis',
      },
      dir: { type: 'dir', value: 'DIR', help: 'keep streams in a folder (default: in memory)' },
      secret: {
        type: 'text',
        value: 'TEXT',
        help: 'keys the hashes that keep streams apart by API key; gateways on one Redis need the same one (default: MILLRACE_SECRET, else a random one)',
      },
      'stop-when-alone': {
        type: 'count',
        value: 'SECONDS',
        default: '30',
        help: 'stop a stream so long after its last reader has left',
      },
    },
    Other: HELP,
  },
  operands: [],
  examples: [
    `millrace relay --recover &
  ANTHROPIC_BASE_URL=http://127.0.0.1:8080 claude`,
    'millrace relay --redis redis://127.0.0.1:6379 --secret "$SECRET" --port 8081',
  ],
  run: async ({ values, operands }, terminal) => {
    if (operands[0] !== undefined) {
      throw new UsageError(`unexpected argument '${operands[0]}': relay takes options only`);
    }
    const { runRelay } = await import('../gateway/run-relay.js');
    return runRelay(values, terminal);
  },
});
