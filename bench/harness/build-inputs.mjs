import { build } from 'esbuild';

/** Compiles the makers of the tests' inputs, so that the benchmarks read what the tests read. */
export async function buildInputs() {
  await build({
    entryPoints: [
      new URL('../../test/contract/wire.ts', import.meta.url).pathname,
      new URL('../../test/support/chunks.ts', import.meta.url).pathname,
    ],
    entryNames: '[name]',
    outdir: new URL('../dist/', import.meta.url).pathname,
    format: 'esm',
    target: 'node20',
  });
}
