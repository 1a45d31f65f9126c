import { existsSync, mkdirSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { execa } from 'execa';
import { KNOWN_AGENT_TYPES } from '../../src/agents/registry.ts';

/**
 * The four real agents from npm, for the host engine, in a directory of the tests' own that is kept between runs.
 * Gives the directory of their programs.
 */
export async function installHostAgents(): Promise<string> {
  const packages = KNOWN_AGENT_TYPES.flatMap(({ npm }) => (npm ? [`${npm.name}@${npm.version}`] : []));
  const name = packages.map((spec) => spec.replace(/.*@/, '')).join('-');
  const directory = join(tmpdir(), `adr-test-host-agents-${name}`);
  const done = join(directory, 'installed');
  if (!existsSync(done)) {
    mkdirSync(directory, { recursive: true });
    writeFileSync(join(directory, 'package.json'), '{"private":true}');
    const args = ['install', '--no-save', '--no-audit', '--no-fund', '--loglevel=error', ...packages];
    await execa('npm', args, { cwd: directory, stdin: 'ignore' });
    writeFileSync(done, '');
  }
  return join(directory, 'node_modules/.bin');
}
