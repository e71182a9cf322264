import { once } from 'node:events';
import { startProcess, startServer } from '../harness/process.mjs';
import { rowsOf } from '../harness/rows.mjs';

export const title = 'A reader that stands still';

export const modes = {
  full: { bytes: 100_000_000 },
  smoke: { bytes: 20_000_000 },
};

const CANDIDATES = ['millrace', '@anthropic-ai/sdk', 'fetch'];
const QUIET_LOOKS = 10;

export async function run({ bytes }) {
  const sent = {};
  const held = {};
  for (const name of CANDIDATES) {
    const server = await startServer('endless', { bytes });
    const { child: reader } = await startProcess('slow-reader', [name, server.url], {
      execArgv: ['--expose-gc', '--max-old-space-size=4096'],
    });
    sent[name] = await settled(server);
    reader.send('how much?');
    [{ held: held[name] }] = await once(reader, 'message');
    reader.kill();
    await server.stop();
  }
  const megabytes = (count) => count / 1e6;
  const what = `reads 100 events, then nothing; there are ${megabytes(bytes)} MB`;
  return [
    ...rowsOf(sent, { what: `${what}: taken from the server`, unit: 'MB', value: megabytes }),
    ...rowsOf(held, { what: `${what}: heap and buffers then`, unit: 'MB', value: megabytes }),
  ];
}

/** How much the server could send, once that is the same for a second. */
async function settled({ child }) {
  let last = -1;
  for (let quiet = 0; quiet < QUIET_LOOKS; ) {
    const [{ sent }] = await once(child, 'message');
    quiet = sent === last ? quiet + 1 : 0;
    last = sent;
  }
  return last;
}
