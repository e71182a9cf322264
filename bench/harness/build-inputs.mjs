import { build } from 'esbuild';

/**
 * Compiles the makers of the tests' inputs, so that the benchmarks read what the tests read, and the
 * decoder and the maker of certificates, which are no exports of the package.
 */
export async function buildInputs() {
  await build({
    entryPoints: [
      new URL('../../test/contract/wire.ts', import.meta.url).pathname,
      new URL('../../test/support/chunks.ts', import.meta.url).pathname,
      new URL('../../src/sse/decoder.ts', import.meta.url).pathname,
      new URL('../../src/testing/emulator/certificate.ts', import.meta.url).pathname,
    ],
    entryNames: '[name]',
    outdir: new URL('../dist/', import.meta.url).pathname,
    bundle: true,
    format: 'esm',
    target: 'node20',
  });
}
