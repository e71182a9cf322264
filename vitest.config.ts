import { fileURLToPath } from 'node:url';
import { defineConfig } from 'vitest/config';
import { findTiers } from './test/support/tiers.js';

const path = (relative: string): string => fileURLToPath(new URL(relative, import.meta.url));

const tiers = findTiers(path('.'));

export default defineConfig({
  resolve: {
    // The tests run the sources; package.json's "imports" and "exports" name the build.
    // An example that is a test names the package: with the build, half of it would run twice.
    alias: [
      { find: '#transport', replacement: path('src/transport/node.ts') },
      { find: /^millrace$/, replacement: path('src/index.ts') },
      { find: /^millrace\/otel$/, replacement: path('src/otel/index.ts') },
      { find: /^millrace\/relay$/, replacement: path('src/relay/index.ts') },
      { find: /^millrace\/testing$/, replacement: path('src/testing/index.ts') },
      { find: /^millrace\/react$/, replacement: path('src/react/index.ts') },
      { find: /^millrace\/ai-sdk$/, replacement: path('src/ai-sdk/index.ts') },
    ],
  },
  test: {
    globalSetup: ['test/support/temporary-folders.ts'],
    // Every processor: many tests wait for processes and sockets of their own.
    maxWorkers: '100%',
    testTimeout: 60_000,
    // Gives the sources' promise of no stray rejection its teeth: any of them fails the run.
    dangerouslyIgnoreUnhandledErrors: false,
    projects: [
      {
        extends: true,
        test: {
          name: 'fast',
          include: tiers.fast,
          provide: { tier: 'fast' },
          // Processes and modules of their own would cost these files as much again as their tests.
          isolate: false,
          typecheck: {
            enabled: true,
            include: ['test/**/*.test-d.ts'],
            tsconfig: './tsconfig.json',
          },
        },
      },
      {
        extends: true,
        test: { name: 'isolated', include: tiers.isolated, provide: { tier: 'fast' } },
      },
      {
        extends: true,
        test: { name: 'exhaustive', include: tiers.exhaustive, provide: { tier: 'exhaustive' } },
      },
      {
        extends: true,
        test: {
          name: 'built',
          include: tiers.built,
          provide: { tier: 'fast' },
          // Servers for clients that block: what blocks can serve nothing.
          globalSetup: ['test/sync/servers.ts'],
        },
      },
    ],
  },
});
