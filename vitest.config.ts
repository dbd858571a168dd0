import { svelte } from '@sveltejs/vite-plugin-svelte';
import { defineConfig } from 'vitest/config';

const integration = (name: 'embedded' | 'postgresql') => ({
  test: {
    name,
    include: ['tests/integration/**/*.test.ts'],
    globalSetup: ['tests/prepare/databases.ts'],
    // Most of a test is waiting: for a disk, for a line, for a process to come up.
    maxWorkers: 3,
    testTimeout: 60_000,
    hookTimeout: 60_000
  }
});

export default defineConfig({
  test: {
    projects: [
      {
        plugins: [svelte()],
        resolve: { conditions: ['browser'] },
        test: { name: 'unit', include: ['src/**/*.test.ts', 'server/**/*.test.ts', 'tests/*.test.ts'] }
      },
      integration('embedded'),
      integration('postgresql')
    ]
  }
});
