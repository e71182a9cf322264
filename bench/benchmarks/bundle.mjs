import { bundledSizes } from '../harness/bundle.mjs';
import { ceilingRow, row } from '../harness/rows.mjs';

export const title =
  'Bundle: what a page loads at first, minified, gzip; "all" with what is loaded at the first use';

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

const kb = (bytes) => bytes / 1_024;

export async function run() {
  const rows = [];
  for (const [use, code] of Object.entries(USES)) {
    for (const [platform, ceiling] of Object.entries(CEILINGS)) {
      const ours = await bundledSizes(code(OURS), platform);
      const theirs = await bundledSizes(code(SDK), platform);
      const what = `${use}, ${platform}`;
      const against = { unit: 'KB', against: SDK };
      if (use === 'messages.stream') {
        rows.push(ceilingRow({ what, unit: 'KB', ours: kb(ours.first), ceiling }));
        const all = { what: `${what}, all`, ours: kb(ours.all), theirs: kb(theirs.all) };
        rows.push(row({ ...against, ...all }));
      }
      rows.push(row({ ...against, what, ours: kb(ours.first), theirs: kb(theirs.first) }));
    }
  }
  return rows;
}
