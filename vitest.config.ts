import { fileURLToPath } from 'node:url';
import { defineConfig } from 'vitest/config';

const src = (path: string): string => fileURLToPath(new URL(`./src/${path}`, import.meta.url));

export default defineConfig({
  resolve: {
    // The tests run the sources; package.json's "imports" and "exports" name the build.
    // An example that is a test names the package: with the build, half of it would run twice.
    alias: [
      { find: '#transport', replacement: src('transport/node.ts') },
      { find: /^millrace$/, replacement: src('index.ts') },
      { find: /^millrace\/testing$/, replacement: src('testing/index.ts') },
    ],
  },
  test: {
    include: ['test/**/*.test.ts'],
    // Servers for clients that block: what blocks can serve nothing.
    globalSetup: ['test/support/temporary-folders.ts', 'test/sync/servers.ts'],
    typecheck: { enabled: true, include: ['test/**/*.test-d.ts'], tsconfig: './tsconfig.json' },
    // Every processor: many tests wait for processes and sockets of their own.
    maxWorkers: '100%',
    testTimeout: 60_000,
    // Gives the sources' promise of no stray rejection its teeth: any of them fails the run.
    dangerouslyIgnoreUnhandledErrors: false,
  },
});
