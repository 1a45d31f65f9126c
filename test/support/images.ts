import { createHash } from 'node:crypto';
import { existsSync } from 'node:fs';
import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { homedir, tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { execa } from 'execa';
import { type AgentType, agentTypes } from './agent-homes.ts';
import { ensureEngine } from './engine.ts';

/** The tag that the tests give to the images they build. */
export const testTag = 'test';
/** The base that test/support/base-image.sh makes. */
export const testBase = 'adr-test/base:bookworm';

const root = fileURLToPath(new URL('../..', import.meta.url));

/** The name of an agent's image for tests. */
export function testImage(agent: AgentType): string {
  return `coding-agent/${agent}:${testTag}`;
}

/**
 * Builds the images of the given agents with our own `adr build`, on the local base. An image stands
 * as long as neither a Dockerfile nor the base has changed since: a marker image carries their hash.
 */
export async function ensureImages(agents: readonly AgentType[] = agentTypes): Promise<void> {
  await ensureEngine();
  await execa(join(root, 'test/support/base-image.sh'), [testBase], { stderr: 'inherit' });
  const hash = await sourcesHash();
  for (const agent of agents) {
    if (await isCurrent(agent, hash)) continue;
    await build(agent);
    await mark(agent, hash);
  }
}

async function sourcesHash(): Promise<string> {
  const hash = createHash('sha256');
  const folder = join(root, 'images');
  for (const name of (await readdir(folder)).sort())
    hash.update(name).update(await readFile(join(folder, name)));
  hash.update(await imageId(testBase));
  return hash.digest('hex').slice(0, 12);
}

async function isCurrent(agent: AgentType, hash: string): Promise<boolean> {
  const id = await imageId(testImage(agent));
  return id !== '' && id === (await imageId(marker(agent, hash)));
}

/** A second tag on the same image: gone or elsewhere as soon as somebody builds it anew. */
async function mark(agent: AgentType, hash: string): Promise<void> {
  await execa('docker', ['tag', testImage(agent), marker(agent, hash)]);
}

function marker(agent: AgentType, hash: string): string {
  return `adr-test/${agent}:${hash}`;
}

async function imageId(name: string): Promise<string> {
  const { stdout } = await execa('docker', ['image', 'inspect', '--format', '{{.Id}}', name], {
    reject: false,
  });
  return stdout.trim();
}

async function build(agent: AgentType): Promise<void> {
  const program = join(root, 'bin/adr.js');
  if (!existsSync(join(root, 'dist')))
    throw new Error('the images are built with bin/adr.js: npm run build first');
  // A home of its own: the developer's configuration must not decide what is tested.
  const home = await mkdtemp(join(tmpdir(), 'adr-build-'));
  try {
    const args = ['build', agent, '--base', testBase, '--tag', testTag, '--yes'];
    const { exitCode, all } = await execa(process.execPath, [program, ...args], {
      cwd: home,
      env: {
        DOCKER_CONFIG: process.env.DOCKER_CONFIG ?? join(homedir(), '.docker'),
        HOME: home,
        XDG_CONFIG_HOME: join(home, '.config'),
        XDG_STATE_HOME: join(home, '.local/state'),
      },
      reject: false,
      all: true,
      stdin: 'ignore',
    });
    if (exitCode !== 0) throw new Error(`adr ${args.join(' ')} ended with ${exitCode}:\n${all.slice(-4000)}`);
  } finally {
    await rm(home, { recursive: true, force: true });
  }
}
