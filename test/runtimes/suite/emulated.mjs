import { Anthropic } from 'millrace';
import { casesFor } from './cases.mjs';

/** Names the case to the emulator, so that it knows the replies. */
export const CASE_HEADER = 'x-case';

/** What the whole package does, against the emulator over HTTP. */
export function emulatedChecks({ emulator }, kind) {
  return casesFor(kind).map(({ name, run, gives }) => ({
    name,
    run: async () => {
      const client = new Anthropic({
        apiKey: 'key',
        baseURL: emulator,
        maxRetries: 0,
        dangerouslyAllowBrowser: true,
        defaultHeaders: { [CASE_HEADER]: name },
      });
      const [actual, expected] = [await run(client), gives].map((it) => JSON.stringify(it));
      return actual === expected ? [] : [`${actual}, not ${expected}`];
    },
  }));
}
