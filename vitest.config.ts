/** How the tests run: embedded services, forks, generous limits. */
import { defineConfig } from 'vitest/config'

export default defineConfig({
  test: {
    include: ['test/**/*.test.ts'],
    setupFiles: ['test/support/services/dice.ts'],
    globalSetup: ['test/support/services/server.ts'],
    pool: 'forks',
    testTimeout: 60_000,
    hookTimeout: 90_000,
    teardownTimeout: 30_000,
  },
})
