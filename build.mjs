import { existsSync, readdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { build } from 'esbuild';

const entries = {
  adr: 'src/cli/adr.ts',
  'adr-tmux': 'src/cli/adr-tmux.ts',
  'demo-agent': 'src/demo-agent/main.ts',
};

const { metafile } = await build({
  metafile: true,
  entryPoints: Object.fromEntries(Object.entries(entries).filter(([, file]) => existsSync(file))),
  outdir: 'dist',
  bundle: true,
  splitting: true,
  format: 'esm',
  platform: 'node',
  target: 'node20',
  chunkNames: 'chunks/[name]-[hash]',
  minifyWhitespace: true,
  minifySyntax: true,
  define: { 'process.env.NODE_ENV': '"production"', 'process.env.DEV': '"false"' },
  // Ink asks for its devtools in development only.
  external: ['react-devtools-core'],
  // Bundled CommonJS (cross-spawn) calls require.
  banner: {
    js: "import{createRequire as __adrRequire}from'node:module';const require=__adrRequire(import.meta.url);",
  },
  legalComments: 'none',
  logLevel: 'warning',
});

// Stale files go last, so that a program that runs from dist meanwhile finds its chunks.
const built = new Set(Object.keys(metafile.outputs));
for (const file of readdirSync('dist', { recursive: true, withFileTypes: true })) {
  const path = join(file.parentPath ?? file.path, file.name);
  if (file.isFile() && !built.has(path)) rmSync(path);
}
