import { execFileSync } from 'node:child_process';
import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { systemClock } from '../../src/system/clock.ts';
import { runProcess } from '../../src/system/process.ts';
import { plantTree } from '../../src/trees/plant.ts';
import type { TreeRecord } from '../../src/trees/record.ts';
import { findRepository } from '../../src/trees/repository.ts';

/** A user of git with a HOME and a repository of his own. */
export interface GitUser {
  readonly env: Readonly<Record<string, string>>;
  readonly tools: {
    readonly run: typeof runProcess;
    readonly env: Readonly<Record<string, string>>;
    readonly clock: typeof systemClock;
  };
  readonly repository: string;
  /** Runs git in the repository, or in another directory. */
  git(args: readonly string[], directory?: string): string;
  write(directory: string, files: Readonly<Record<string, string>>): void;
  plant(
    kind: TreeRecord['kind'],
    options?: { agent?: string; workspace?: string; sessionId?: string },
  ): Promise<TreeRecord>;
}

/** Makes one below `root`: a repository with one commit, on branch `main`. */
export function makeGitUser(root: string, repository = join(root, 'project')): GitUser {
  const env = {
    PATH: process.env.PATH ?? '',
    HOME: join(root, 'home'),
    XDG_STATE_HOME: join(root, 'state'),
    XDG_CONFIG_HOME: join(root, 'home', '.config'),
  };
  const write: GitUser['write'] = (directory, files) => {
    for (const [name, text] of Object.entries(files)) {
      mkdirSync(dirname(join(directory, name)), { recursive: true });
      writeFileSync(join(directory, name), text);
    }
  };
  write(env.HOME, {
    '.gitconfig': '[user]\n\tname = Me\n\temail = me@example.org\n[init]\n\tdefaultBranch = main\n',
  });
  const git: GitUser['git'] = (args, directory = repository) =>
    execFileSync('git', ['-C', directory, ...args], {
      env,
      encoding: 'utf8',
      stdio: ['ignore', 'pipe', 'pipe'],
    }).trimEnd();
  mkdirSync(repository, { recursive: true });
  git(['init', '--quiet']);
  write(repository, { 'a.txt': 'a\n', 'sub/b.txt': 'b\n', '.gitignore': 'ignored\n' });
  git(['add', '.']);
  git(['commit', '--quiet', '-m', 'first']);
  const tools = { run: runProcess, env, clock: systemClock };
  return {
    ...{ env, tools, repository, git, write },
    plant: async (kind, { agent = 'main', workspace = repository, sessionId = '0123456789ab' } = {}) =>
      plantTree(tools, await findRepository(tools, workspace), {
        ...{ sessionId, session: 'refactor', agent, kind, createdAt: 1 },
      }),
  };
}
