import { chown, mkdir, readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { execa } from 'execa';
import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from 'vitest';
import { agentTypes, writeAgentHomes } from '../support/agent-homes.ts';
import { testTag } from '../support/images.ts';
import { type ModelServer, startModelServer } from '../support/model-server.ts';
import { buildFakeImage, listContainers, User, waitUntil } from './support.ts';

let user: User;
let model: ModelServer;

beforeAll(async () => {
  await buildFakeImage();
  model = await startModelServer();
});
afterAll(() => model.close());
beforeEach(async () => {
  user = await User.create();
});
afterEach(async () => {
  expect(await listContainers(user.workspace)).toEqual([]);
  expect(await listVolumes(user.workspace)).toEqual([]);
  expect(await readdir(join(user.root, 'state', 'adr', 'runs')).catch(() => [])).toEqual([]);
  await user.remove();
});

async function listVolumes(workspace: string): Promise<readonly string[]> {
  const { stdout } = await execa('docker', [
    'volume',
    'ls',
    '-q',
    '--filter',
    `label=adr.workspace=${workspace}`,
  ]);
  return stdout.split('\n').filter((line) => line !== '');
}

test.each(agentTypes)('%s answers under a read-only root file system', async (agent) => {
  await writeAgentHomes(join(user.root, 'home'), (type) => model.url(type, 'host.docker.internal'));
  const prompt = `read-only ${agent} ${Date.now()}`;
  const args = ['run', agent, '--tag', testTag, '--read-only', '--prompt', prompt];
  const { stdout, stderr, exitCode } = await user.start(args);
  expect(exitCode, stderr).toBe(0);
  expect(stdout.trim()).not.toBe('');
  expect(model.userTexts(agent).join('\n')).toContain(prompt);
});

test('only the workspace, HOME and /tmp can be written, and programs run from /tmp', async () => {
  const script = [
    'for path in / /usr/bin /etc /opt /var /home /mnt; do touch $path/x 2>/dev/null && echo "wrote $path"; done',
    'for path in /workspace ~ /tmp /var/tmp /run/adr; do touch $path/x || echo "did not write $path"; done',
    'cp /bin/true /tmp/t && /tmp/t && stat -c "%a %u" ~ && node -p "os.userInfo().homedir" && ls ~/.pi/agent',
  ].join('; ');
  await mkdir(join(user.root, 'home', '.pi', 'agent'), { recursive: true });
  await execa('sh', ['-c', 'echo {} > home/.pi/agent/settings.json'], { cwd: user.root });
  const { stdout, stderr } = await user.startAgent(script, ['--read-only']);
  expect(stderr).toBe('');
  expect(stdout).toBe(`700 ${process.getuid?.()}\n/home/node\nsettings.json`);
});

test('with another uid', async () => {
  await chown(user.workspace, 1234, 1234);
  const { stdout, exitCode } = await user.startAgent('id -un; touch ~/x /workspace/x', [
    ...['--read-only', '--user', '1234'],
  ]);
  expect([stdout, exitCode]).toEqual(['agent', 0]);
});

test.each(['SIGTERM', 'SIGKILL'] as const)('%s leaves no volume', async (signal) => {
  const run = user.startAgent('exec sleep 600', ['--read-only']);
  await waitUntil(async () => (await listContainers(user.workspace)).length === 1);
  run.kill(signal);
  await run;
  if (signal === 'SIGKILL') await user.start(['clean']);
});
