import { mkdir, readFile, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterEach, beforeAll, beforeEach, expect, test } from 'vitest';
import { buildFakeImage, fakeImage, listContainers, User } from './support.ts';

let user: User;

beforeAll(buildFakeImage);
beforeEach(async () => {
  user = await User.create();
  await mkdir(join(user.root, 'data'));
  await writeFile(join(user.root, 'data', 'fact'), 'from outside\n');
  await writeProject('ADR_MOUNTS=../data:/data\n');
});
afterEach(async () => {
  expect(await listContainers(user.workspace)).toEqual([]);
  await user.remove();
});

const project = () => join(user.workspace, '.adr');

async function writeProject(text: string): Promise<void> {
  await writeFile(project(), text);
}

test('an untrusted .adr keeps the agent from running; trusted, it counts; changed, it does not', async () => {
  const refused = await user.startAgent('cat /data/fact');
  expect(refused.exitCode).toBe(125);
  expect(refused.stderr).toBe(
    `error: "${project()}" is not trusted: line 1 (ADR_MOUNTS) could widen what the agent may do\n` +
      `  read it, then trust it as it stands: adr trust ${user.workspace}`,
  );
  const json = await user.startAgent('cat /data/fact', ['--output', 'json']);
  expect(JSON.parse(json.stdout)).toMatchObject({ error: { code: 'CONFIG_UNTRUSTED' } });

  expect((await user.start(['trust'])).exitCode).toBe(0);
  expect((await user.startAgent('cat /data/fact')).stdout).toBe('from outside');

  await writeProject('ADR_MOUNTS=../data:/data:rw\n');
  expect((await user.startAgent('cat /data/fact')).exitCode).toBe(125);
});

test('a terminal is asked: no ends it, yes runs it and is remembered', async () => {
  const args = ['run', 'pi', '--image', fakeImage, '-e', 'TRY=cat /data/fact'];
  const refused = await user.startOnTerminal(args, 'n\n');
  expect(refused.stdout).toContain('line 1: ADR_MOUNTS=../data:/data');
  expect(refused.stdout).toContain('Trust this file as it stands? [y/N]');
  expect(refused.exitCode).toBe(125);
  const agreed = await user.startOnTerminal(args, 'y\n');
  expect(agreed.stdout).toContain('from outside');
  expect(agreed.exitCode).toBe(0);
  expect((await user.startAgent('cat /data/fact')).stdout).toBe('from outside');
  const store = join(user.root, 'state', 'adr', 'trust.json');
  expect((await stat(store)).mode & 0o777).toBe(0o600);
});

test('the agent cannot change the .adr it runs under', async () => {
  const before = 'ADR_TIMEOUT=1h\n';
  await writeProject(before);
  const script = [
    'cd /workspace; cat .adr',
    'for attempt in "echo x >> .adr" "rm -f .adr" "mv .adr old" "ln -sf /etc/passwd .adr" "mv -T /workspace /w2"',
    'do sh -c "$attempt" 2>/dev/null && echo "done: $attempt"; done; touch other; ls -A',
  ].join('\n');
  const { stdout } = await user.startAgent(script);
  expect(stdout.split('\n')).toEqual(['ADR_TIMEOUT=1h', '.adr', 'other']);
  expect(await readFile(project(), 'utf8')).toBe(before);
});

test('one that an agent makes counts for no more than a stranger may set', async () => {
  const elsewhere = join(user.workspace, 'sub');
  await mkdir(elsewhere);
  const write = 'printf "ADR_NETWORK=host\\nADR_MOUNTS=/:/host:rw\\n" > .adr';
  expect((await user.startAgent(write, ['-w', elsewhere])).exitCode).toBe(125);
  await writeProject('# nothing\n');
  expect((await user.startAgent(write, ['-w', elsewhere])).exitCode).toBe(0);
  const { exitCode, stderr } = await user.startAgent('echo ran', ['-w', elsewhere]);
  expect(exitCode).toBe(125);
  expect(stderr).toContain('line 1 (ADR_NETWORK), line 2 (ADR_MOUNTS)');
});

test('no container can reach the trust store', async () => {
  await writeProject('# nothing\n');
  const state = join(user.root, 'state');
  await mkdir(state);
  const mounted = await user.startAgent('echo ran', ['-m', `${state}:/s:rw`]);
  expect([mounted.exitCode, mounted.stdout]).toEqual([125, '']);
  expect(mounted.stderr).toContain("holds adr's own state");
  const worked = await user.startAgent('echo ran', ['-w', user.root]);
  expect([worked.exitCode, worked.stdout]).toEqual([2, '']);
  expect(worked.stderr).toContain("holds adr's own state");
});
