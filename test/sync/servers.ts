import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { buffer } from 'node:stream/consumers';
import { deserialize } from 'node:v8';
import type { TestProject } from 'vitest/node';
import { createEmulator, type Emulator, type Reply } from '../../src/testing/index.js';
import { CASES } from '../contract/cases.js';
import type { Script } from '../contract/script.js';
import { contractServer } from '../contract/server.js';
import { type PlainSetting, toEmulatorOptions } from '../resources/plain-suite.js';
import { proxyServer } from '../support/proxy-server.js';
import { type Exchange, type RawServer, rawServer } from '../support/raw-server.js';
import { onTheWire, recordings } from '../support/recordings.js';
import { gates, type Play, scenarios as SCENARIOS } from './scenarios.js';

/*
 * The servers that the blocking client is tested against. A test that blocks can serve nothing, so they
 * run in the process of vitest itself, for all tests. By hand: tests in lockstep ask them what has come.
 */

declare module 'vitest' {
  export interface ProvidedContext {
    /** Addresses, without a slash at the end. */
    servers: {
      contract: string;
      scenarios: string;
      recordings: string;
      emulators: string;
      /** To the scenarios, under any name. */
      proxy: string;
    };
  }
}

export default async function start(project: TestProject): Promise<() => Promise<void>> {
  const scenarios = await scenarioServer();
  const servers = {
    contract: await contractServer(CASES),
    scenarios,
    proxy: await proxyServer(scenarios.port),
    recordings: await recordingServer(),
    emulators: await emulatorServer(),
  };
  project.provide('servers', {
    contract: servers.contract.url,
    scenarios: servers.scenarios.url,
    proxy: servers.proxy.url,
    recordings: servers.recordings.url,
    emulators: servers.emulators.url,
  });
  return async () => {
    for (const server of Object.values(servers)) await server[Symbol.asyncDispose]();
  };
}

/** What a test may ask about the latest request under its key. */
const answers: Readonly<Record<string, (played: Played) => unknown>> = {
  go: ({ gate }) => gate.open(),
  left: ({ exchanges }) => exchanges.at(-1)?.left,
  accepted: ({ exchanges }) => String(exchanges.at(-1)?.accepted),
  requests: ({ exchanges }) => JSON.stringify(exchanges.map(({ body }) => JSON.parse(body))),
};

interface Played {
  exchanges: Exchange[];
  gate: ReturnType<typeof gates>;
}

/** Plays `/NAME/KEY/v1/messages`, and answers `/NAME/KEY/QUESTION`. */
function scenarioServer(): Promise<RawServer> {
  const byKey = new Map<string, Played>();
  return rawServer((exchange): Script => {
    const [, name = '', key, question = ''] = exchange.path.split('/');
    const played = byKey.get(`${name}/${key}`) ?? { exchanges: [], gate: gates() };
    byKey.set(`${name}/${key}`, played);
    const answer = answers[question];
    if (answer !== undefined) return { body: answered(answer(played)) };
    const play: Play = { go: played.gate.go, n: played.exchanges.length, exchange };
    played.exchanges.push(exchange);
    return (SCENARIOS[name] as (play: Play) => Script)(play);
  });
}

async function* answered(answer: unknown): AsyncGenerator<string> {
  yield String((await answer) ?? 'yes');
}

/** Plays the recording number `/N/v1/messages`. */
function recordingServer(): Promise<RawServer> {
  const spans = recordings();
  return rawServer(({ path }) => ({
    body: [onTheWire(spans[Number(path.split('/')[1])]?.payloads ?? [])],
  }));
}

/** An emulator for each key: `POST /KEY/replies` makes it, `/KEY/requests` tells what it received. */
async function emulatorServer(): Promise<Pick<RawServer, 'url'> & AsyncDisposable> {
  const byKey = new Map<string, Emulator>();
  // A client that blocks doesn't notice that an idle connection was closed.
  const server = createServer({ keepAliveTimeout: 0 }, async (request, response) => {
    const [, key = '', question] = (request.url ?? '').split('/');
    const body = await buffer(request);
    if (question === 'replies') {
      const sent: Reply[] | PlainSetting = deserialize(body);
      const options = Array.isArray(sent) ? { replies: sent } : toEmulatorOptions(sent);
      byKey.set(key, createEmulator(options));
      return response.end();
    }
    const emulator = byKey.get(key) as Emulator;
    if (question === 'requests') {
      return response.end(
        JSON.stringify(
          emulator.requests.map(({ method, path, body, headers }) => ({
            method,
            path,
            body,
            headers,
          })),
        ),
      );
    }
    const url = `http://localhost${request.url?.slice(key.length + 1)}`;
    const headers = request.headers as Record<string, string>;
    const { method = 'POST' } = request;
    const sent = method === 'POST' ? { body: String(body) } : {};
    const answer = await emulator.fetch(url, { method, headers, ...sent });
    response.writeHead(answer.status, Object.fromEntries(answer.headers));
    for await (const piece of answer.body ?? []) response.write(piece);
    return response.end();
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    [Symbol.asyncDispose]: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}
