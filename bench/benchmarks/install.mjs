import { installedSize, packedSizes } from '../harness/installed.mjs';
import { ceilingRow, row } from '../harness/rows.mjs';

export const title = 'Install size, with dependencies';

/** Not in the smoke run: test/package/size.test.ts has the ceilings. */
export const modes = { full: {} };

const CEILING_MB = 0.7;
const PEERS = ['@anthropic-ai/sdk', '@ai-sdk/anthropic', 'ai'];

export async function run() {
  const ours = packedSizes().unpackedSize / 1e6;
  const what = 'unpacked';
  return [
    ceilingRow({ what, unit: 'MB', ours, ceiling: CEILING_MB }),
    ...PEERS.map((against) =>
      row({ what, unit: 'MB', ours, against, theirs: installedSize(against) / 1e6 }),
    ),
  ];
}
