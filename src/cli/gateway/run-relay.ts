import { randomBytes } from 'node:crypto';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { createRelay } from '../../relay/index.js';
import { DONE } from '../exit-codes.js';
import type { Values } from '../options/option.js';
import { type ADDRESS, type NETWORK, UPSTREAM } from '../options/options.js';
import { mergeTimeouts } from '../request/request-params.js';
import { readEnv, type Terminal, untilStopped } from '../terminal.js';
import { UsageError } from '../usage-error.js';
import { createCallers } from './caller.js';
import { createGateway } from './gateway.js';
import { openEngine } from './open-engine.js';

/** The options of `millrace relay`. */
type RelayValues = Values<typeof ADDRESS> &
  Pick<Values<typeof NETWORK>, 'recover' | 'timeout' | 'max-retries'> &
  Record<'upstream' | 'redis' | 'dir' | 'secret', string | undefined> & {
    'stop-when-alone': number;
  };

/** Serves the gateway until the process is stopped. Resolves with the exit code. @throws UsageError */
export async function runRelay(values: RelayValues, terminal: Terminal): Promise<number> {
  const upstream = toAddress(
    values.upstream ?? readEnv(terminal, 'ANTHROPIC_BASE_URL') ?? UPSTREAM,
  );
  const secret = values.secret ?? randomBytes(32).toString('hex');
  const { engine, close } = await openEngine(values);
  const relay = createRelay({
    engine,
    stopWhenAlone: values['stop-when-alone'] * 1_000,
    observe: (it) => it.type === 'warning' && terminal.stderr.printLine(`millrace: ${it.message}`),
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
}

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
