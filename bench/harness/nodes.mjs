import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

/** Where `npm ci --prefix test/runtimes` puts them, or the folder in BENCH_NODES. */
const folder =
  process.env.BENCH_NODES ??
  fileURLToPath(new URL('../../test/runtimes/node_modules', import.meta.url));

const [own] = process.versions.node.split('.');

/** The versions of Node that can be run here, by their major number: this one and those that are installed. */
export const NODES = {
  [own]: process.execPath,
  ...Object.fromEntries(
    [20, 22, 24, 26]
      .filter((major) => String(major) !== own)
      .map((major) => [major, `${folder}/node${major}/bin/node`])
      .filter(([, path]) => existsSync(path)),
  ),
};
