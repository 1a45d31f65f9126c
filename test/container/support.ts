import { mkdir, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { execa } from 'execa';
import { testImage } from '../support/images.ts';

const program = fileURLToPath(new URL('../../bin/adr.js', import.meta.url));

/** An image like pi's in which `pi` is whatever the variable TRY says. */
export const fakeImage = 'adr-test/fake-agent:test';

/** Builds `fakeImage` on pi's image. */
export async function buildFakeImage(): Promise<void> {
  const dockerfile = [
    `FROM ${testImage('pi')}`,
    'USER root',
    `RUN rm "$(command -v pi)" && printf '#!/bin/sh\\neval "$TRY"\\n' > /usr/local/bin/pi && chmod 755 /usr/local/bin/pi`,
    'USER node',
    '',
  ].join('\n');
  await execa('docker', ['build', '--quiet', '--tag', fakeImage, '-'], { input: dockerfile });
}

/** A user of his own: HOME, state and a workspace in a new directory. */
export class User {
  readonly root: string;
  readonly env: Readonly<Record<string, string>>;

  private constructor(root: string) {
    this.root = root;
    this.env = {
      PATH: process.env.PATH ?? '',
      HOME: join(root, 'home'),
      XDG_STATE_HOME: join(root, 'state'),
      DOCKER_CONFIG: join(root, 'docker'),
    };
  }

  static async create(): Promise<User> {
    const user = new User(await mkdtemp(join(tmpdir(), 'adr-container-')));
    await mkdir(join(user.root, 'home'));
    await mkdir(user.workspace);
    return user;
  }

  get workspace(): string {
    return join(this.root, 'workspace');
  }

  /** Runs `adr` in the background; never throws. */
  start(args: readonly string[], env: Readonly<Record<string, string>> = {}) {
    return execa(process.execPath, [program, ...args], {
      env: { ...this.env, ...env },
      extendEnv: false,
      cwd: this.workspace,
      stdin: 'ignore',
      reject: false,
    });
  }

  /** `adr run pi` headless, where `pi` does `script`. */
  startAgent(script: string, args: readonly string[] = [], env: Readonly<Record<string, string>> = {}) {
    const words = ['run', 'pi', '--image', fakeImage, '-e', `TRY=${script}`, '--prompt', 'hello', ...args];
    return this.start(words, env);
  }

  /** The same on a terminal of its own (`script`), with what is typed into it. */
  startOnTerminal(args: readonly string[], typed = '') {
    const words = [process.execPath, program, ...args].map((word) => `'${word.replaceAll("'", "'\\''")}'`);
    return execa('script', ['--quiet', '--return', '--command', `exec ${words.join(' ')}`, '/dev/null'], {
      env: { ...this.env, SHELL: '/bin/sh' },
      extendEnv: false,
      cwd: this.workspace,
      input: typed,
      reject: false,
    });
  }

  async remove(): Promise<void> {
    await rm(this.root, { recursive: true, force: true });
  }
}

/** Containers over one workspace, running or not. */
export async function listContainers(workspace: string): Promise<readonly string[]> {
  const { stdout } = await execa('docker', ['ps', '-aq', '--filter', `label=adr.workspace=${workspace}`]);
  return stdout.split('\n').filter((line) => line !== '');
}

/** Waits until `check` holds, for at most `seconds`. */
export async function waitUntil(check: () => Promise<boolean>, seconds = 30): Promise<void> {
  const end = Date.now() + seconds * 1000;
  while (!(await check())) {
    if (Date.now() > end) throw new Error(`did not happen within ${seconds} s`);
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
}
