import { existsSync, mkdtempSync, readdirSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { execa } from 'execa';

/** The checkout under test. */
export const ROOT = resolve(import.meta.dirname, '../..');

export interface ProgramResult {
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
}

/** Builds `dist/` when a source is newer than it; several test files may ask at once. */
export async function ensureBuilt(): Promise<void> {
  const built = existsSync(join(ROOT, 'dist/adr.js')) ? statSync(join(ROOT, 'dist/adr.js')).mtimeMs : 0;
  const sources = readdirSync(join(ROOT, 'src'), { recursive: true, withFileTypes: true });
  const newest = Math.max(
    ...sources
      .filter((entry) => entry.isFile())
      .map((entry) => statSync(join(entry.parentPath, entry.name)).mtimeMs),
  );
  if (newest > built) await execa('node', ['build.mjs'], { cwd: ROOT });
}

/** Runs `bin/<name>.js` as a user would, never throws. `env` is added to a HOME of its own. */
export async function runProgram(
  name: 'adr' | 'adr-tmux',
  args: readonly string[],
  options: { readonly env: Readonly<Record<string, string>>; readonly input?: string; readonly cwd?: string },
): Promise<ProgramResult> {
  const result = await execa(process.execPath, [join(ROOT, 'bin', `${name}.js`), ...args], {
    reject: false,
    env: options.env,
    cwd: options.cwd ?? tmpdir(),
    stripFinalNewline: false,
    ...(options.input === undefined ? { stdin: 'ignore' as const } : { input: options.input }),
    timeout: 120_000,
  });
  return { code: result.exitCode ?? -1, stdout: result.stdout, stderr: result.stderr };
}

/** Agents that were just killed may still write for a moment; what stays in the temporary directory harms nobody. */
function removeScratch(path: string): void {
  for (let tries = 0; tries < 5; tries++) {
    try {
      rmSync(path, { recursive: true, force: true, maxRetries: 20, retryDelay: 100 });
      return;
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'ENOTEMPTY') throw error;
    }
  }
}

/** A directory that goes with the test. */
export function makeScratch(prefix: string): { readonly path: string; remove(): void } {
  const path = mkdtempSync(join(tmpdir(), `adr-test-${prefix}-`));
  return {
    path,
    remove: () => removeScratch(path),
  };
}
