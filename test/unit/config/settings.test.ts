import { mkdir, mkdtemp, realpath, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { type FlagValues, readSettings, type Settings } from '../../../src/config/read-settings.ts';
import { findSettingByKey, SETTINGS, type Setting } from '../../../src/config/schema.ts';

let root: string;
let workspace: string;

beforeEach(async () => {
  root = await realpath(await mkdtemp(join(tmpdir(), 'adr-config-')));
  workspace = join(root, 'project', 'sub');
  await mkdir(workspace, { recursive: true });
  await mkdir(join(root, 'home', '.config', 'adr'), { recursive: true });
  await mkdir(join(root, 'elsewhere'));
});
afterEach(() => rm(root, { recursive: true, force: true }));

interface Layers {
  readonly user?: string;
  readonly project?: string;
  readonly env?: Readonly<Record<string, string>>;
  readonly flags?: FlagValues;
}

async function read(layers: Layers): Promise<Settings> {
  if (layers.user !== undefined) await writeFile(join(root, 'home', '.config', 'adr', 'config'), layers.user);
  if (layers.project !== undefined) await writeFile(join(root, 'project', '.adr'), layers.project);
  return readSettings({
    flags: layers.flags ?? {},
    env: { HOME: join(root, 'home'), ...layers.env },
    cwd: root,
    workspace,
  });
}

test('the defaults', async () => {
  const { origins: _origins, ...settings } = await read({});
  expect(settings).toEqual({
    agent: undefined,
    engine: 'docker',
    tag: 'latest',
    image: undefined,
    model: undefined,
    mounts: [],
    env: [],
    'env-file': [],
    network: 'bridge',
    'host-gateway': true,
    publish: [],
    pull: undefined,
    context: undefined,
    'config-dir': undefined,
    memory: 4 * 2 ** 30,
    'memory-swap': undefined,
    cpus: 2,
    'pids-limit': 4096,
    user: { kind: 'host' },
    approvals: undefined,
    reports: true,
    'protect-git': true,
    'sync-auth': true,
    timeout: undefined,
    'idle-timeout': undefined,
    'notify-tmux': true,
    'notify-desktop': true,
    'notify-cmd': undefined,
    warnings: [],
  });
});

test('each layer wins over the one before', async () => {
  const layers = {
    user: 'ADR_TAG=user',
    project: 'ADR_TAG=project',
    env: { ADR_TAG: 'env' },
    flags: { tag: ['flag'] },
  };
  expect((await read(layers)).tag).toBe('flag');
  expect((await read({ ...layers, flags: {} })).tag).toBe('env');
  expect((await read({ ...layers, flags: {}, env: {} })).tag).toBe('project');
  expect((await read({ ...layers, flags: {}, env: {}, project: '' })).tag).toBe('user');
});

test('a value for one agent type wins within its layer, for that type alone', async () => {
  const user = 'ADR_MODEL=all\nADR_MODEL_PI=mine\nADR_AGENT=pi';
  expect((await read({ user })).model).toBe('mine');
  expect((await read({ user, flags: { agent: ['codex'] } })).model).toBe('all');
  expect((await read({ user, env: { ADR_MODEL: 'env' } })).model).toBe('env');
  expect((await read({ user, env: { ADR_MODEL: 'env', ADR_MODEL_PI: 'env pi' } })).model).toBe('env pi');
});

test('lists append, an empty value takes back what was before', async () => {
  const user = 'ADR_ENV=A=1 "B=two words"\nADR_ENV=C=3';
  expect((await read({ user, flags: { env: ['D=4'] } })).env.map(({ name }) => name)).toEqual([
    'A',
    'B',
    'C',
    'D',
  ]);
  expect((await read({ user, env: { ADR_ENV: '' } })).env).toEqual([]);
});

test('relative paths start where they were written', async () => {
  await mkdir(join(root, 'home', '.config', 'adr', 'data'));
  await mkdir(join(root, 'data'));
  const { mounts } = await read({ flags: { mounts: ['data:/d1', '~/.config/adr/data:/d2'] } });
  expect(mounts.map(({ source }) => source)).toEqual([
    join(root, 'data'),
    join(root, 'home/.config/adr/data'),
  ]);
});

test.each([
  [{ user: 'ADR_MEMORY=lots' }, 'CONFIG_INVALID', 'config:1: "lots" is no memory limit'],
  [{ project: 'ADR_MODEL=--yolo' }, 'CONFIG_INVALID', '"--yolo" is not a model'],
  [{ env: { ADR_ENGINE: 'vm' } }, 'CONFIG_INVALID', 'ADR_ENGINE: "vm" is not one of: docker, podman, host'],
  [
    { flags: { mounts: ['/nonexistent:/x'] } },
    'MOUNT_INVALID',
    'Mount host path does not exist: /nonexistent',
  ],
  [{ flags: { mounts: ['/etc:/workspace'] } }, 'MOUNT_INVALID', 'Mount container path is taken: /workspace'],
  [{ flags: { mounts: ['/etc:/a', '/usr:/a/'] } }, 'MOUNT_INVALID', 'Mount container path is used twice: /a'],
  [{ env: { ADR_MOUNTS: '~/.config:/x' } }, 'REFUSED', 'gives away secrets or control'],
  [{ flags: { 'env-file': ['none.env'] } }, 'USAGE', 'Env file not found:'],
] as const)('%j is refused', async (layers, code, message) => {
  await expect(read(layers)).rejects.toMatchObject({ code, message: expect.stringContaining(message) });
});

describe("a project's file, which the agent itself may have written", () => {
  test('sets what is safe', async () => {
    const settings = await read({
      project: 'ADR_AGENT=pi\nADR_MODEL=m\nADR_TIMEOUT=1h\nADR_MEMORY=1g\nADR_APPROVALS=ask',
    });
    expect(settings).toMatchObject({
      agent: 'pi',
      model: 'm',
      timeout: 3_600_000,
      memory: 2 ** 30,
      approvals: 'ask',
    });
    expect(settings.warnings).toEqual([]);
  });

  test.each([
    'ADR_ENGINE=host',
    'ADR_IMAGE=evil',
    'ADR_ENV=A=1',
    'ADR_ENV_FILE=/etc/passwd',
    'ADR_NETWORK=host',
    'ADR_USER=0',
    'ADR_MEMORY=64g',
    'ADR_MEMORY=0',
    'ADR_CPUS_PI=64',
    'ADR_APPROVALS=never',
    'ADR_REPORTS=0',
    'ADR_PROTECT_GIT=0',
    'ADR_MOUNTS=/:/host:rw',
    'ADR_MOUNTS=../..:/up',
    'ADR_MOUNTS=~:/home2',
    'ADR_ENV=',
    'ADR_MEMORY=',
    'ADR_MOUNTS=sub:/again:rw',
    'ADR_MOUNTS=sub/.git/hooks:/hooks:rw',
  ])('does not set %s, and says so', async (project) => {
    await expect(
      read({ user: 'ADR_MEMORY=2g', project: `# why\n${project}`, flags: { agent: ['pi'] } }),
    ).rejects.toMatchObject({
      code: 'CONFIG_UNTRUSTED',
      message: expect.stringMatching(/project\/\.adr" is not trusted: line 2 \(ADR_\w+\) could widen/),
      hint: `read it, then trust it as it stands: adr trust ${join(root, 'project')}`,
    });
  });

  test('what counts for another agent type only does not matter', async () => {
    expect(
      (await read({ project: 'ADR_CPUS_PI=64\nADR_IMAGE_PI=x', flags: { agent: ['codex'] } })).cpus,
    ).toBe(2);
  });

  test('mounts what lies inside the workspace, but no link out of it', async () => {
    await mkdir(join(workspace, 'data'));
    const { mounts } = await read({ project: 'ADR_MOUNTS=sub/data:/data:rw' });
    expect(mounts).toMatchObject([{ source: join(workspace, 'data'), target: '/data', readOnly: false }]);
    await symlink(join(root, 'elsewhere'), join(workspace, 'link'));
    await expect(read({ project: 'ADR_MOUNTS=sub/link:/x' })).rejects.toMatchObject({
      code: 'CONFIG_UNTRUSTED',
    });
  });

  test('is found from the workspace upwards; a link in its place is not read', async () => {
    await writeFile(join(root, 'elsewhere', 'config'), 'ADR_TAG=linked');
    await symlink(join(root, 'elsewhere', 'config'), join(workspace, '.adr'));
    expect((await read({ project: 'ADR_TAG=above' })).tag).toBe('above');
  });
});

test('the place of reports, as an agent on the host has it, is no setting', async () => {
  expect((await read({ env: { ADR_REPORTS: '/somewhere' } })).reports).toBe(true);
  expect((await read({ env: { ADR_REPORTS: '0' } })).reports).toBe(false);
});

test('unknown keys and lines are warnings', async () => {
  const { warnings } = await read({ user: 'ADR_MODLE=x\nADR_MODEL_=x\nnonsense' });
  expect(warnings.map((warning) => warning.replace(/^.*config:/, ''))).toEqual([
    '3: not KEY=VALUE, ignored',
    '1: unknown key "ADR_MODLE", ignored',
    '2: unknown key "ADR_MODEL_", ignored',
  ]);
});

test('every key of the table is found again, alone and for an agent type', () => {
  for (const setting of SETTINGS as readonly Setting[]) {
    expect(findSettingByKey(setting.key)).toEqual({ setting, suffix: undefined });
    if (setting.name !== 'agent') {
      expect(findSettingByKey(`${setting.key}_MY_TYPE`)).toEqual({ setting, suffix: 'MY_TYPE' });
    }
  }
});
