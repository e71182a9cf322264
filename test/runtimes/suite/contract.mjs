import { Anthropic } from 'millrace';
import { CASES } from '../../contract/cases.ts';
import { ways } from '../../contract/run.ts';

/** All cases, read in each way, over the runtime's own transport. */
export function contractChecks({ contract, limits }) {
  return Object.entries(ways).flatMap(([way, run]) =>
    CASES.flatMap((test, n) => {
      if (limits.includes(test.name)) return [];
      const baseURL = `${contract}/${n}/${way}`;
      const ask = (question) => fetch(`${baseURL}/${question}`).then((answer) => answer.text());
      return {
        name: `${way}: ${test.name}`,
        run: () => run(test, { client: clientOf(baseURL), ask }),
      };
    }),
  );
}

function clientOf(baseURL) {
  return new Anthropic({ apiKey: 'key', baseURL, maxRetries: 0, dangerouslyAllowBrowser: true });
}
