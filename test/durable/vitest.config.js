import { defineConfig } from 'vitest/config';

export default defineConfig({
  test: {
    include: ['*.test.js'],
    // Forks and subscriptions are not offered.
    testNamePattern: /^(?!.*(Fork - |Reserved subscription))/,
    testTimeout: 40_000,
    hookTimeout: 30_000,
  },
});
