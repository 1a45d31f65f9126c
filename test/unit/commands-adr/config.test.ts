import {
  chmod,
  lstat,
  mkdir,
  mkdtemp,
  readdir,
  readFile,
  realpath,
  rm,
  stat,
  symlink,
  writeFile,
} from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { getConfig, showConfig } from '../../../src/commands/adr/config.ts';
import { type EditRequest, setConfig, unsetConfig } from '../../../src/commands/adr/config-edit.ts';
import { readProjectFile } from '../../../src/config/project-file.ts';
import { storeTrust } from '../../../src/config/trust-store.ts';

let root: string;
let request: EditRequest;

beforeEach(async () => {
  root = await realpath(await mkdtemp(join(tmpdir(), 'adr-config-')));
  await mkdir(join(root, 'project', 'sub'), { recursive: true });
  request = {
    env: { HOME: join(root, 'home') },
    cwd: join(root, 'project', 'sub'),
    workspace: undefined,
    project: false,
  };
});
afterEach(() => rm(root, { recursive: true, force: true }));

const userFile = () => join(root, 'home', '.config', 'adr', 'config');
const projectFile = () => join(root, 'project', '.adr');
const inProject = (): EditRequest => ({ ...request, project: true });

async function writeUser(text: string): Promise<void> {
  await mkdir(join(userFile(), '..'), { recursive: true });
  await writeFile(userFile(), text);
}

describe('config set', () => {
  test('makes the file, private, with its directories', async () => {
    await setConfig(request, ['memory=2g', 'model_pi=a/b', 'env=A=1', 'env=B=2']);
    expect(await readFile(userFile(), 'utf8')).toBe(
      'ADR_MEMORY=2g\nADR_MODEL_PI=a/b\nADR_ENV=A=1\nADR_ENV=B=2\n',
    );
    expect((await stat(userFile())).mode & 0o777).toBe(0o600);
    expect(await readdir(join(userFile(), '..'))).toEqual(['config']);
  });

  test('changes one line of a file and keeps its mode', async () => {
    await writeUser('# mine\nADR_MEMORY=1g\n\nODD=1\nADR_TAG=t # tag\n');
    await chmod(userFile(), 0o644);
    await setConfig(request, ['memory=3g']);
    expect(await readFile(userFile(), 'utf8')).toBe('# mine\nADR_MEMORY=3g\n\nODD=1\nADR_TAG=t # tag\n');
    expect((await stat(userFile())).mode & 0o777).toBe(0o644);
  });

  test.each([true, false])('writes where a link leads (which is there: %s)', async (there) => {
    await mkdir(join(root, 'dotfiles'));
    await mkdir(join(userFile(), '..'), { recursive: true });
    await symlink(join(root, 'dotfiles', 'adr'), userFile());
    if (there) await writeFile(join(root, 'dotfiles', 'adr'), 'ADR_TAG=a\n');
    await setConfig(request, ['tag=b']);
    expect((await lstat(userFile())).isSymbolicLink()).toBe(true);
    expect(await readFile(join(root, 'dotfiles', 'adr'), 'utf8')).toBe('ADR_TAG=b\n');
  });

  test('writes all or nothing', async () => {
    await writeUser('ADR_TAG=a\n');
    await expect(setConfig(request, ['tag=b', 'memory=lots'])).rejects.toMatchObject({
      code: 'CONFIG_INVALID',
    });
    expect(await readFile(userFile(), 'utf8')).toBe('ADR_TAG=a\n');
  });

  test('loses nothing when many write at once', async () => {
    await Promise.all(Array.from({ length: 12 }, (_, n) => setConfig(request, [`env=V${n}=1`])));
    expect((await readFile(userFile(), 'utf8')).trim().split('\n')).toHaveLength(12);
  });

  test('an empty value takes back what other files say, a list first loses its own', async () => {
    await setConfig(request, ['mounts=/a:/a', 'tag=x']);
    await setConfig(request, ['mounts=', 'tag=']);
    expect(await readFile(userFile(), 'utf8')).toBe('ADR_TAG=\nADR_MOUNTS=\n');
  });

  test.each([
    ['memory', 'USAGE'],
    ['modle=x', 'USAGE'],
    ['agent=bogus', 'AGENT_TYPE_UNKNOWN'],
    ['engine=vm', 'CONFIG_INVALID'],
    ['mounts=/a', 'MOUNT_INVALID'],
  ])('%s is refused', async (word, code) => {
    await expect(setConfig(request, [word])).rejects.toMatchObject({ code });
  });

  test("knows the user's own agent types", async () => {
    const folder = join(root, 'home', '.config', 'adr', 'agents', 'gem-cli');
    await mkdir(folder, { recursive: true });
    await writeFile(join(folder, 'agent.json'), '{}');
    const { keys } = await setConfig(request, ['agent=gem-cli', 'model_gem_cli=x']);
    expect(keys.map(({ key }) => key)).toEqual(['ADR_AGENT', 'ADR_MODEL_GEM_CLI']);
  });

  test('says where relative paths start', async () => {
    expect((await setConfig(request, ['mounts=data:/a /b:/b'])).elsewhere).toEqual(['data:/a']);
  });
});

describe('config set --project', () => {
  test('writes the nearest .adr above, which is then no longer trusted', async () => {
    await writeFile(projectFile(), 'ADR_NETWORK=none\n');
    const file = await readProjectFile(join(root, 'project'));
    if (file) await storeTrust(request.env, file);
    expect((await getConfig(request, 'network')).values[0]).toMatchObject({ text: 'none', trust: 'trusted' });
    const edit = await setConfig(inProject(), ['network=host']);
    expect(edit).toMatchObject({ path: projectFile(), needsTrust: true });
    expect(await getConfig(request, 'network')).toMatchObject({
      values: [{ text: 'bridge', source: 'default', trust: null }],
      ignored: [{ text: 'host', source: `${projectFile()}:1`, trust: 'untrusted' }],
    });
  });

  test('makes one in the current directory, like any file of the project', async () => {
    const edit = await setConfig(inProject(), ['agent=pi']);
    expect(edit).toMatchObject({ path: join(request.cwd, '.adr'), needsTrust: false });
    expect((await stat(edit.path)).mode & 0o444).toBe(0o444 & ~process.umask());
  });

  test('does not follow a link that stands there', async () => {
    await writeFile(join(root, 'profile'), 'export A=1\n');
    await symlink(join(root, 'profile'), join(request.cwd, '.adr'));
    await expect(setConfig(inProject(), ['agent=pi'])).rejects.toMatchObject({ code: 'REFUSED' });
    expect(await readFile(join(root, 'profile'), 'utf8')).toBe('export A=1\n');
  });
});

test('config unset takes every line of a key out, and says what was there', async () => {
  await writeUser('# a\nADR_MOUNTS=/a:/a\nADR_TAG=t\nADR_MOUNTS=/b:/b\n');
  expect((await unsetConfig(request, ['mounts', 'memory'])).keys).toEqual([
    { key: 'ADR_MOUNTS', removed: 2 },
    { key: 'ADR_MEMORY', removed: 0 },
  ]);
  expect(await readFile(userFile(), 'utf8')).toBe('# a\nADR_TAG=t\n');
  await expect(unsetConfig(request, ['tga'])).rejects.toMatchObject({ code: 'USAGE' });
});

test('config unset of a file that is not there makes none', async () => {
  await unsetConfig(request, ['memory']);
  await expect(stat(userFile())).rejects.toThrow();
});

describe('config show', () => {
  test('names value, source and trust of every key, and those for one agent type', async () => {
    await writeUser('ADR_MEMORY=2g\nADR_MEMORY_PI=1g\nADR_ENV=A=1\n');
    await writeFile(projectFile(), '# p\nADR_AGENT=pi\nADR_CPUS=1\nADR_CPUS_CODEX=64\nADR_ENV=B=2\n');
    const env = { ...request.env, ADR_TAG: 'dev', ADR_IMAGE_CODEX: 'mine', ADR_RUN_ID: 'x' };
    const { settings, project } = await showConfig({ ...request, env });
    expect(project).toEqual({ path: projectFile(), trusted: false });
    const rows = settings.flatMap(({ key, values, ignored }) =>
      [...values, ...ignored].map(({ text, source, trust }) => [key, text, source.replace(root, ''), trust]),
    );
    expect(rows.filter(([, , source]) => source !== 'default')).toEqual([
      ['ADR_AGENT', 'pi', '/project/.adr:2', 'safe'],
      ['ADR_TAG', 'dev', 'ADR_TAG', null],
      ['ADR_IMAGE_CODEX', 'mine', 'ADR_IMAGE_CODEX', null],
      ['ADR_ENV', 'A=1', '/home/.config/adr/config:3', null],
      ['ADR_ENV', 'B=2', '/project/.adr:5', 'untrusted'],
      ['ADR_MEMORY', '2g', '/home/.config/adr/config:1', null],
      ['ADR_MEMORY_PI', '1g', '/home/.config/adr/config:2', null],
      ['ADR_CPUS', '1', '/project/.adr:3', 'safe'],
      ['ADR_CPUS_CODEX', '1', '/project/.adr:3', 'safe'],
      ['ADR_CPUS_CODEX', '64', '/project/.adr:4', 'untrusted'],
    ]);
    expect(rows).toContainEqual(['ADR_NETWORK', 'bridge', 'default', null]);
  });

  test('config get of a key for one agent type is what that one gets', async () => {
    await writeUser('ADR_MEMORY=2g\n');
    expect((await getConfig(request, 'memory_pi')).values).toMatchObject([{ text: '2g' }]);
    expect((await getConfig(request, 'model')).values).toEqual([]);
  });
});
