import { chmod, mkdir, mkdtemp, readFile, realpath, rm, stat, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import type { UntrustedFile } from '../../../src/config/check-trust.ts';
import { listGuardedLines } from '../../../src/config/guarded-lines.ts';
import { judgeWorkspace } from '../../../src/config/guarded-places.ts';
import { readProjectFile } from '../../../src/config/project-file.ts';
import { type FlagValues, readSettings } from '../../../src/config/read-settings.ts';
import { isTrusted, readTrustStore, revokeTrust, storeTrust } from '../../../src/config/trust-store.ts';
import { escapeHidden } from '../../../src/system/escape-hidden.ts';

let root: string;
let workspace: string;
let env: Readonly<Record<string, string>>;
let asked: UntrustedFile[];

beforeEach(async () => {
  root = await realpath(await mkdtemp(join(tmpdir(), 'adr-trust-')));
  workspace = join(root, 'work');
  env = { HOME: join(root, 'home') };
  asked = [];
  await mkdir(workspace);
  await mkdir(join(root, 'home', '.config', 'adr'), { recursive: true });
  await mkdir(join(root, 'home', '.ssh'));
  await mkdir(join(root, 'data'));
});
afterEach(() => rm(root, { recursive: true, force: true }));

const GUARDED = 'ADR_MODEL=m\nADR_NETWORK=host\nADR_MOUNTS=../data:/data\n';

function read(answer?: boolean, flags: FlagValues = {}) {
  const confirmTrust = async (file: UntrustedFile) => {
    asked.push(file);
    return answer === true;
  };
  return readSettings({
    ...{ flags, env, cwd: root, workspace },
    confirmTrust: answer === undefined ? undefined : confirmTrust,
  });
}

async function write(text: string): Promise<void> {
  await writeFile(join(workspace, '.adr'), text);
}

const store = () => join(root, 'home', '.local', 'state', 'adr', 'trust.json');

describe('a project file with guarded lines', () => {
  test('is refused with its lines where nobody can be asked', async () => {
    await write(GUARDED);
    await expect(read()).rejects.toMatchObject({
      code: 'CONFIG_UNTRUSTED',
      exitCode: 6,
      message: `"${workspace}/.adr" is not trusted: line 2 (ADR_NETWORK), line 3 (ADR_MOUNTS) could widen what the agent may do`,
      details: {
        path: `${workspace}/.adr`,
        lines: [
          { line: 2, key: 'ADR_NETWORK' },
          { line: 3, key: 'ADR_MOUNTS' },
        ],
      },
    });
  });

  test('is shown and asked about; a no refuses and is not remembered', async () => {
    await write(GUARDED);
    await expect(read(false)).rejects.toMatchObject({ code: 'CONFIG_UNTRUSTED' });
    expect(asked).toEqual([
      {
        path: `${workspace}/.adr`,
        lines: [
          { line: 2, key: 'ADR_NETWORK', text: 'ADR_NETWORK=host' },
          { line: 3, key: 'ADR_MOUNTS', text: 'ADR_MOUNTS=../data:/data' },
        ],
      },
    ]);
    expect(await readTrustStore(env)).toEqual([]);
  });

  test('counts after a yes, without another question, until anything in it changes', async () => {
    await write(GUARDED);
    const first = await read(true);
    expect(first).toMatchObject({ network: 'host', model: 'm', mounts: [{ source: join(root, 'data') }] });
    expect(await read()).toEqual(first);
    expect(asked).toHaveLength(1);
    await write(`${GUARDED}# one more line\n`);
    await expect(read()).rejects.toMatchObject({ code: 'CONFIG_UNTRUSTED' });
    await write(GUARDED);
    expect((await read()).network).toBe('host');
  });

  test('is used as it was shown, whatever became of it since', async () => {
    await write(GUARDED);
    const settings = await readSettings({
      ...{ flags: {}, env, cwd: root, workspace },
      confirmTrust: async () => {
        await write('ADR_ENGINE=host\n');
        return true;
      },
    });
    expect(settings).toMatchObject({ engine: 'docker', network: 'host' });
    await expect(read()).rejects.toMatchObject({ details: { lines: [{ line: 1, key: 'ADR_ENGINE' }] } });
  });

  test('is trusted at its own place only', async () => {
    await write(GUARDED);
    await read(true);
    await mkdir(join(workspace, 'copy'));
    await writeFile(join(workspace, 'copy', '.adr'), GUARDED);
    workspace = join(workspace, 'copy');
    await expect(read()).rejects.toMatchObject({ code: 'CONFIG_UNTRUSTED' });
  });

  test('asks about all it guards, also what counts for other agent types', async () => {
    await write('ADR_IMAGE_CODEX=evil\nADR_NETWORK=host\n');
    await read(true, { agent: ['pi'] });
    expect(asked[0]?.lines.map(({ key }) => key)).toEqual(['ADR_IMAGE_CODEX', 'ADR_NETWORK']);
  });

  test('cannot lead out of the workspace by a link, however trusted', async () => {
    await write('ADR_NETWORK=host\nADR_MOUNTS=in:/in\nADR_ENV_FILE=vars\n');
    await writeFile(join(workspace, 'vars'), 'A=1');
    await mkdir(join(workspace, 'in'));
    expect((await read(true)).mounts).toMatchObject([{ source: join(workspace, 'in') }]);
    await rm(join(workspace, 'in'), { recursive: true });
    await symlink(join(root, 'data'), join(workspace, 'in'));
    await expect(read()).rejects.toMatchObject({ code: 'CONFIG_UNTRUSTED' });
    await rm(join(workspace, 'in'));
    await mkdir(join(workspace, 'in'));
    await rm(join(workspace, 'vars'));
    await writeFile(join(root, 'secret.env'), 'TOKEN=1');
    await symlink(join(root, 'secret.env'), join(workspace, 'vars'));
    await expect(read()).rejects.toMatchObject({
      code: 'CONFIG_UNTRUSTED',
      message: expect.stringContaining('leads out of the workspace'),
    });
  });

  test('cannot choose a configuration directory by a link', async () => {
    await write('ADR_CONFIG_DIR=mine\n');
    await mkdir(join(workspace, 'mine'));
    expect((await read(true))['config-dir']).toBe('mine');
    await rm(join(workspace, 'mine'), { recursive: true });
    await symlink(join(root, 'home', '.ssh'), join(workspace, 'mine'));
    await expect(read()).rejects.toMatchObject({ code: 'CONFIG_UNTRUSTED' });
  });

  test('of more than 64 KiB is an error, not cut', async () => {
    await write(`${'# x\n'.repeat(20_000)}ADR_TAG=t\n`);
    await expect(read()).rejects.toMatchObject({ code: 'CONFIG_INVALID' });
  });
});

describe('the trust store', () => {
  test('is 0600, holds the hash of the content, and forgets', async () => {
    await write(GUARDED);
    await read(true);
    expect((await stat(store())).mode & 0o777).toBe(0o600);
    const file = await readProjectFile(workspace);
    expect(await readTrustStore(env)).toEqual([
      { path: `${workspace}/.adr`, sha256: file?.sha256, since: expect.any(String) },
    ]);
    expect(await readFile(store(), 'utf8')).not.toContain('data');
    expect(await revokeTrust(env, `${workspace}/.adr`)).toBe(true);
    expect(await revokeTrust(env, `${workspace}/.adr`)).toBe(false);
    await expect(read()).rejects.toMatchObject({ code: 'CONFIG_UNTRUSTED' });
  });

  test('loses nothing when many write at once', async () => {
    const files = Array.from({ length: 20 }, (_, n) => ({
      path: `/p${n}/.adr`,
      sha256: `${n}`.padStart(64, '0'),
    }));
    await Promise.all(files.map((file) => storeTrust(env, file)));
    expect((await readTrustStore(env)).map(({ path }) => path).sort()).toEqual(
      files.map(({ path }) => path).sort(),
    );
  });

  test('that its holder left locked is taken over', async () => {
    await storeTrust(env, { path: '/a/.adr', sha256: 'a'.repeat(64) });
    await symlink('2147483646 1 x', `${store()}.lock`);
    await storeTrust(env, { path: '/b/.adr', sha256: 'b'.repeat(64) });
    expect(await readTrustStore(env)).toHaveLength(2);
  });

  test.each([
    '',
    'nonsense',
    'null',
    '[]',
    '{"v":2,"files":[]}',
    '{"v":1,"files":[null,{"path":"/w/.adr"}]}',
  ])('trusts nothing when it holds %j', async (text) => {
    await mkdir(join(store(), '..'), { recursive: true });
    await writeFile(store(), text);
    expect(await isTrusted(env, { path: '/w/.adr', sha256: 'undefined' })).toBe(false);
    expect(await readTrustStore(env)).toEqual([]);
  });
});

describe('what is shown', () => {
  test('hides no secret of a variable, no control character and no blank that is none', () => {
    const text =
      'ADR_ENV=API_KEY=abc "X=two words"\nADR_IMAGE=a\u001b[2K\u202eb\nADR_TAG=t\nADR_MOUNTS=a:/b\u00a0c';
    expect(listGuardedLines({ path: '/w/.adr', text }).map((line) => line.text)).toEqual([
      'ADR_ENV=API_KEY=*** X=two words',
      'ADR_IMAGE=a\\u{1b}[2K\\u{202e}b',
      'ADR_MOUNTS=a:/b\\u{a0}c',
    ]);
    expect(escapeHidden('plain text, ünïcode 日本')).toBe('plain text, ünïcode 日本');
  });
});

describe('mounts of what is more than files', () => {
  const flag = (mount: string) => read(undefined, { mounts: [mount] });

  test.each(['.ssh', '.config/adr', '.config', '.'])('~/%s only on the command line', async (path) => {
    await chmod(join(root, 'home'), 0o755);
    await writeFile(join(root, 'home', '.config', 'adr', 'config'), `ADR_MOUNTS=~/${path}:/x`);
    await expect(read()).rejects.toMatchObject({ code: 'REFUSED' });
    await rm(join(root, 'home', '.config', 'adr', 'config'));
    expect((await flag(`~/${path}:/x`)).mounts).toHaveLength(1);
  });

  test('adr state never writable, not even from the command line', async () => {
    await mkdir(join(root, 'home', '.local', 'state', 'adr'), { recursive: true });
    for (const path of ['.local/state/adr', '.local/state', '.']) {
      await expect(flag(`~/${path}:/x:rw`)).rejects.toMatchObject({ code: 'REFUSED' });
    }
    expect((await flag('~/.local/state/adr:/x:ro')).mounts).toHaveLength(1);
  });

  test('a guarded place behind a link is the same place', async () => {
    await mkdir(join(root, 'home', '.local'));
    await mkdir(join(root, 'elsewhere'));
    await symlink(join(root, 'elsewhere'), join(root, 'home', '.local', 'state'));
    // Also before it is there.
    await expect(flag(`${root}/elsewhere:/x:rw`)).rejects.toMatchObject({ code: 'REFUSED' });
    await mkdir(join(root, 'elsewhere', 'adr'));
    await expect(flag(`${root}/elsewhere:/x:rw`)).rejects.toMatchObject({ code: 'REFUSED' });
  });

  test("the engine's socket, with a warning", async () => {
    env = { ...env, DOCKER_HOST: `unix://${root}/engine/docker.sock` };
    await mkdir(join(root, 'engine'));
    await writeFile(join(root, 'engine', 'docker.sock'), '');
    expect((await flag('engine:/e')).warnings).toEqual([expect.stringContaining('root on this host')]);
    env = { ...env, ADR_MOUNTS: `${root}/engine:/e` };
    await expect(read()).rejects.toMatchObject({ code: 'REFUSED' });
  });

  test('a workspace that holds the state is refused, one that holds the settings is warned of', async () => {
    const home = join(root, 'home');
    await mkdir(join(home, '.local', 'state', 'adr', 'work', 's', 'pi'), { recursive: true });
    await expect(judgeWorkspace(home, env)).rejects.toMatchObject({ code: 'WORKSPACE_INVALID' });
    await expect(judgeWorkspace(join(home, '.local/state/adr/runs'), env)).rejects.toThrow();
    expect(await judgeWorkspace(join(home, '.local/state/adr/work/s/pi'), env)).toEqual([]);
    expect(await judgeWorkspace(join(home, '.config'), env)).toHaveLength(1);
    expect(await judgeWorkspace(workspace, env)).toEqual([]);
  });
});
