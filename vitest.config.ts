import { availableParallelism } from 'node:os';
import { defineConfig } from 'vitest/config';

const tier = (name: string, seconds: number, options: { heavy?: boolean; images?: boolean } = {}) => ({
  test: {
    name,
    include: [`test/${name}/**/*.test.{ts,tsx}`],
    testTimeout: seconds * 1000,
    hookTimeout: seconds * 1000,
    // Heavy tiers measure time and count containers: one file after the other.
    fileParallelism: !options.heavy,
    // Left to itself vitest keeps a core free: one file after the other where there are two.
    maxWorkers: options.heavy ? 1 : Math.max(2, availableParallelism() - 1),
    // On a busy machine a real tmux, engine or agent may miss a time limit once; ./test/run names what needed a second try.
    retry: name === 'unit' ? 0 : 1,
    globalSetup: options.images ? ['test/support/images-setup.ts'] : [],
  },
});

// biome-ignore lint/style/noDefaultExport: vitest reads the default export
export default defineConfig({
  test: {
    passWithNoTests: false,
    projects: [
      tier('unit', 15),
      tier('tmux', 60),
      tier('container', 120, { heavy: true, images: true }),
      tier('agents', 240, { heavy: true, images: true }),
      tier('install', 120, { heavy: true }),
    ],
  },
});
