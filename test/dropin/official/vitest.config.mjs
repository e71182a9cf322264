/* The official SDK's tests, over its own source or over the drop-in (MILLRACE_OVER); see main.mjs. */
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { defineConfig } from 'vitest/config';

const at = (path) => fileURLToPath(new URL(path, import.meta.url));
const root = at('../.work/official');
const dropin = at('../../../packages/anthropic-sdk/dist');
const isOver = process.env.MILLRACE_OVER === 'dropin';

/** Paths of the SDK that the drop-in lacks, such as `internal/…`, stay the official ones. */
function resolve(path) {
  const found = (folder, extension) =>
    [`${path}.${extension}`, `${path}/index.${extension}`]
      .map((file) => join(folder, file))
      .find(existsSync);
  return (isOver ? found(dropin, 'js') : undefined) ?? found(join(root, 'src'), 'ts');
}

const ALIASES = /^(?:@anthropic-ai\/sdk|(?:\.\.\/)+src)(?:\/(.*?)(?:\.m?[jt]s)?)?$/;

const officialNames = {
  name: 'official-names',
  enforce: 'pre',
  resolveId(id, importer) {
    if (id === 'millrace') return at('../../../dist/index.js');
    const match = ALIASES.exec(id);
    return match !== null && importer?.includes('/tests/') ? resolve(match[1] || 'index') : null;
  },
  // Vitest hoists calls under its own name only.
  transform: (code, id) =>
    id.includes('/tests/')
      ? code
          .replaceAll('jest.mock(', 'vi.mock(')
          .replaceAll('jest.requireActual', 'vi.importActual')
      : undefined,
};

export default defineConfig({
  root,
  plugins: [officialNames],
  test: {
    globals: true,
    setupFiles: [at('./jest-names.mjs')],
    include: ['tests/**/*.test.ts'],
    server: { deps: { inline: [/anthropic-sdk\/dist/] } },
  },
});
