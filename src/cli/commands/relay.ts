import { randomBytes } from 'node:crypto';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { createRelay } from '../../relay/index.js';
import { type Command, command } from '../command.js';
import { DONE } from '../exit-codes.js';
import { createCallers } from '../gateway/caller.js';
import { createGateway } from '../gateway/gateway.js';
import { openEngine } from '../gateway/open-engine.js';
import { ADDRESS, HELP, NETWORK } from '../options/options.js';
import { mergeTimeouts } from '../request/request-params.js';
import { readEnv, type Terminal, untilStopped } from '../terminal.js';
import { UsageError } from '../usage-error.js';

const UPSTREAM = 'https://api.anthropic.com';

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
    const upstream = toAddress(
      values.upstream ?? readEnv(terminal, 'ANTHROPIC_BASE_URL') ?? UPSTREAM,
    );
    const secret = values.secret ?? randomBytes(32).toString('hex');
    const { engine, close } = await openEngine(values);
    const relay = createRelay({
      engine,
      stopWhenAlone: values['stop-when-alone'] * 1_000,
      observe: (it) =>
        it.type === 'warning' && terminal.stderr.printLine(`millrace: ${it.message}`),
    });
    const toCaller = createCallers(secret, {
      baseURL: upstream.href,
      maxRetries: values['max-retries'],
      timeout: mergeTimeouts(values.timeout),
    });
    const log = (line: string): void => terminal.stdout.printLine(line);
    const gateway = createGateway({ relay, upstream, toCaller, recover: values.recover, log });
    const server = await listen(createServer(gateway), values, terminal);
    await untilStopped(terminal);
    await relay.drain();
    server.close();
    server.closeAllConnections();
    close();
    return DONE;
  },
});

function toAddress(text: string): URL {
  const url = URL.canParse(text) ? new URL(text) : undefined;
  if (url === undefined || !/^https?:$/.test(url.protocol) || url.username !== '') {
    throw new UsageError(`upstream must be an address such as ${UPSTREAM}, without user name`);
  }
  return url;
}

function listen(
  server: Server,
  { port, host }: { port: number; host: string },
  { stdout }: Terminal,
): Promise<Server> {
  return new Promise((resolve, reject) => {
    server.once('error', (error) => {
      reject(new UsageError(`can't listen on ${host}:${port}: ${error.message}`));
    });
    server.listen({ port, host, backlog: 8_192 }, () => {
      const { address, port: bound, family } = server.address() as AddressInfo;
      const name = family === 'IPv6' ? `[${address}]` : address;
      stdout.printLine(`listening on http://${name}:${bound}`);
      resolve(server);
    });
  });
}
