import type { TestProject } from 'vitest/node';
import { CASES } from '../contract/cases.js';
import type { Script } from '../contract/script.js';
import { contractServer } from '../contract/server.js';
import { type Exchange, type RawServer, rawServer } from '../support/raw-server.js';
import { onTheWire, recordings } from '../support/recordings.js';
import { gates, type Play, scenarios } from './scenarios.js';

/*
 * The servers that the blocking client is tested against. A test that blocks can serve nothing, so they
 * run in the process of vitest itself, for all tests. By hand: tests in lockstep ask them what has come.
 */

declare module 'vitest' {
  export interface ProvidedContext {
    /** Addresses, without a slash at the end. */
    servers: { contract: string; scenarios: string; recordings: string };
  }
}

export default async function start(project: TestProject): Promise<() => Promise<void>> {
  const servers = {
    contract: await contractServer(CASES),
    scenarios: await scenarioServer(),
    recordings: await recordingServer(),
  };
  project.provide('servers', {
    contract: servers.contract.url,
    scenarios: servers.scenarios.url,
    recordings: servers.recordings.url,
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
    return (scenarios[name] as (play: Play) => Script)(play);
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
