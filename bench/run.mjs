// Runs a benchmark written in TypeScript: node bench/run.mjs NAME [options]
import { mkdirSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { build } from 'esbuild';

const [name = '', ...options] = process.argv.slice(2);
const root = dirname(dirname(fileURLToPath(import.meta.url)));
if (!/^[a-z-]+$/.test(name)) {
  console.error(
    'Usage: node bench/run.mjs startup|start-agents|resume|run-overhead|delivery|monitor|monitor-memory|classifier|record-screens|mixed|watch|pictures [options]',
  );
  process.exitCode = 2;
} else {
  // Two levels below the root, as the sources are: they find the checkout from where they stand.
  const outfile = join(root, 'node_modules/.cache', `bench-${name}.mjs`);
  mkdirSync(dirname(outfile), { recursive: true });
  await build({
    entryPoints: [join(root, 'bench', `${name}.ts`)],
    outfile,
    bundle: true,
    format: 'esm',
    platform: 'node',
    target: 'node20',
    packages: 'external',
    logLevel: 'error',
  });
  process.argv = [process.argv[0], outfile, ...options];
  await import(pathToFileURL(outfile).href);
}
