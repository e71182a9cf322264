import { afterAll, describe, expect, inject, it } from 'vitest';
import { CASES, type ContractCase } from '../contract/cases.js';
import { type Client, ways } from '../contract/run.js';
import { CASE_HEADER } from '../contract/server.js';
import { ask } from './ask.js';
import { sync } from './built.js';
import { LIMITED } from './support.js';

// One client for all cases: none of them may leave a trace in its thread.
const baseURL = inject('servers').contract;
const client = new sync.SyncAnthropic({ ...LIMITED, baseURL });
afterAll(() => client[Symbol.dispose]());

function playing(path: string): Client {
  const named = (options: ContractCase['options']): object => ({
    ...options,
    extraHeaders: { [CASE_HEADER]: path },
  });
  return {
    messages: {
      stream: (params, options) => client.messages.stream(params, named(options)),
      create: (params, options) => client.messages.create(params, named(options)),
    },
  };
}

describe.each(Object.entries(ways))('contract, blocking, %s', (way, run) => {
  it.each([...CASES.entries()].map(([n, test]) => ({ ...test, n, test })))(
    '$name',
    async ({ n, test }) => {
      const path = `${n}/${way}-blocking`;
      const runner = {
        client: playing(path),
        ask: (question: string) => ask(`${baseURL}/${path}/${question}`),
      };
      expect(await run(test, runner)).toEqual([]);
    },
  );
});
