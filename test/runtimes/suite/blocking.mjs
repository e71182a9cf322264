import { SyncAnthropic } from 'millrace/sync';
import { CASES } from '../../contract/cases.ts';
import { ways } from '../../contract/run.ts';
import { CASE_HEADER } from '../../contract/server.ts';
import { ask } from '../../sync/ask.ts';

/** All cases, read in each way by one client that blocks: none of them may leave a trace in its thread. */
export function blockingChecks({ contract }) {
  const client = new SyncAnthropic({
    apiKey: 'key',
    baseURL: contract,
    maxRetries: 0,
    timeout: { total: 15_000 },
  });
  return Object.entries(ways).flatMap(([way, run]) =>
    CASES.map((test, n) => {
      const path = `${n}/${way}-blocking`;
      return {
        name: `${way}: ${test.name}`,
        run: () =>
          run(test, {
            client: playing(client, path),
            ask: (question) => ask(`${contract}/${path}/${question}`),
          }),
      };
    }),
  );
}

function playing({ messages }, path) {
  const named = (options) => ({ ...options, extraHeaders: { [CASE_HEADER]: path } });
  return {
    messages: {
      stream: (params, options) => messages.stream(params, named(options)),
      create: (params, options) => messages.create(params, named(options)),
    },
  };
}
