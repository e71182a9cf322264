import { bundledSize } from '../harness/bundle.mjs';
import { ceilingRow, row } from '../harness/rows.mjs';

export const title = 'Bundle: esbuild, minified, gzip';

/** Not in the smoke run: test/package/size.test.ts has the ceilings. */
export const modes = { full: {} };

const OURS = 'millrace';
const PARAMS = "{ model: 'm', max_tokens: 1, messages: [] }";
const clientOf = (from) => `import { Anthropic } from '${from}'; const client = new Anthropic({});`;

/** What is bundled, from a package. */
const USES = {
  'messages.stream': (from) => `${clientOf(from)} client.messages.stream(${PARAMS});`,
  'MessageStream.from': (from) =>
    from === OURS
      ? `import { MessageStream } from '${from}'; MessageStream.from(new Response());`
      : `import { MessageStream } from '${from}/lib/MessageStream'; MessageStream.fromReadableStream(new Response().body);`,
};

const CEILINGS = { node: 12, browser: 10 };
const SDK = '@anthropic-ai/sdk';

export async function run() {
  const rows = [];
  for (const [use, code] of Object.entries(USES)) {
    for (const [platform, ceiling] of Object.entries(CEILINGS)) {
      const ours = (await bundledSize(code(OURS), platform)) / 1_024;
      const theirs = (await bundledSize(code(SDK), platform)) / 1_024;
      const what = `${use}, ${platform}`;
      if (use === 'messages.stream') rows.push(ceilingRow({ what, unit: 'KB', ours, ceiling }));
      rows.push(row({ what, unit: 'KB', ours, against: SDK, theirs }));
    }
  }
  return rows;
}
