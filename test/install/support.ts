import { execFileSync } from 'node:child_process';
import {
  cpSync,
  existsSync,
  mkdirSync,
  readdirSync,
  realpathSync,
  statSync,
  symlinkSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import { join, relative } from 'node:path';
import { execa } from 'execa';
import { makeScratch, type ProgramResult, ROOT } from '../support/program.ts';

export interface InstallHome {
  readonly path: string;
  /** Runs a file of a checkout or an installation with this HOME; `more` is added to its environment. */
  run(
    file: string,
    args?: readonly string[],
    more?: Readonly<Record<string, string>>,
  ): Promise<ProgramResult & { readonly all: string }>;
  /** Everything below HOME, relative, sorted; directories end with a slash. */
  list(folder?: string): readonly string[];
  remove(): void;
}

/** What must not come from the developer's own shell. */
const CLEARED = {
  XDG_CONFIG_HOME: '',
  XDG_STATE_HOME: '',
  SUDO_USER: '',
  TMUX: '',
  ADR_BIN: '',
  ADR_TMUX_SOCKET: '',
  // Nor from the engine that others of this user's work on.
  DOCKER_HOST: 'unix:///nonexistent/docker.sock',
};

/** An empty HOME that goes with the test. */
export function makeHome(): InstallHome {
  const scratch = makeScratch('install');
  return {
    path: scratch.path,
    run: async (file, args = [], more = {}) => {
      const result = await execa(file, args, {
        env: { ...CLEARED, HOME: scratch.path, ...more },
        cwd: scratch.path,
        stdin: 'ignore',
        reject: false,
        all: true,
        stripFinalNewline: false,
        timeout: 110_000,
      });
      const { exitCode, stdout, stderr, all } = result;
      return { code: exitCode ?? -1, stdout: `${stdout}`, stderr: `${stderr}`, all: `${all}` };
    },
    list: (folder = '.') => listTree(join(scratch.path, folder)),
    remove: scratch.remove,
  };
}

function listTree(folder: string): readonly string[] {
  if (!existsSync(folder)) return [];
  return readdirSync(folder, { recursive: true, withFileTypes: true })
    .map((entry) => {
      const path = relative(folder, join(entry.parentPath, entry.name));
      return entry.isDirectory() ? `${path}/` : path;
    })
    .sort();
}

/**
 * A copy of the checkout as a fresh clone has it: neither packages nor a build. `packages: true` lends it ours, so that
 * nothing has to be fetched.
 */
export function copyCheckout(target: string, options: { readonly packages: boolean }): string {
  const leftOut = new Set(['.git', 'node_modules', 'dist', 'coverage'].map((name) => join(ROOT, name)));
  mkdirSync(target, { recursive: true });
  cpSync(ROOT, target, {
    recursive: true,
    preserveTimestamps: true,
    filter: (source) => !leftOut.has(source) && !source.endsWith('.tgz'),
  });
  // Links file by file: `npm ci` would empty what a link to the whole directory leads to, ours included.
  if (options.packages) {
    const packages = realpathSync(join(ROOT, 'node_modules'));
    execFileSync('cp', ['-al', packages, join(target, 'node_modules')]);
    utimesSync(join(target, 'node_modules', '.package-lock.json'), new Date(), new Date());
  }
  return target;
}

/** A directory of programs; `scripts` stand in it in place of the real ones, `without` are missing. */
export function makePath(
  folder: string,
  options: {
    readonly scripts?: Readonly<Record<string, string>>;
    readonly without?: readonly string[];
  },
): string {
  mkdirSync(folder, { recursive: true });
  const scripts = Object.entries(options.scripts ?? {});
  for (const [name, body] of scripts)
    writeFileSync(join(folder, name), `#!/bin/bash\n${body}\n`, { mode: 0o755 });
  if (!options.without) return `${folder}:${process.env.PATH ?? ''}`;
  const taken = new Set([...scripts.map(([name]) => name), ...options.without]);
  for (const directory of (process.env.PATH ?? '').split(':')) {
    if (!existsSync(directory) || !statSync(directory).isDirectory()) continue;
    for (const name of readdirSync(directory)) {
      if (taken.has(name)) continue;
      taken.add(name);
      symlinkSync(join(directory, name), join(folder, name));
    }
  }
  return folder;
}
