import { defineConfig } from 'vitest/config';

// Test files run in processes of their own, two at a time: most of them share a PostgreSQL and a Temporal server. The limits
// end what hangs; they say nothing of speed, so that a busy machine passes.
export default defineConfig({
  test: {
    include: ['test/**/*.test.ts'],
    globalSetup: ['test/support/global-setup.ts'],
    pool: 'forks',
    maxWorkers: 2,
    testTimeout: 180_000,
    hookTimeout: 180_000,
    teardownTimeout: 60_000,
    expect: { poll: { timeout: 60_000 } },
  },
});
