import { mkdir, mkdtemp, realpath, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { PassThrough } from 'node:stream';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { CONFIG_COMMANDS } from '../../../src/cli/adr/config-commands.ts';
import { runProgram } from '../../../src/cli/program.ts';
import { listTrusted } from '../../../src/commands/adr/trust.ts';

let root: string;
let project: string;

beforeEach(async () => {
  root = await realpath(await mkdtemp(join(tmpdir(), 'adr-trust-')));
  project = join(root, 'project');
  await mkdir(join(project, 'sub'), { recursive: true });
  await writeFile(join(project, '.adr'), 'ADR_AGENT=pi\nADR_NETWORK=host\nADR_ENV=API_KEY=abc\n');
});
afterEach(() => rm(root, { recursive: true, force: true }));

interface Answer {
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
}

/** `adr` with these words; `typed` makes it a terminal. */
async function adr(argv: readonly string[], typed?: string): Promise<Answer> {
  const open = () => Object.assign(new PassThrough(), { isTTY: typed !== undefined });
  const streams = { stdin: open(), stdout: open(), stderr: open() };
  streams.stdin.end(typed ?? '');
  const code = await runProgram({
    ...{ name: 'adr', version: '0', describe: '', argv, commands: CONFIG_COMMANDS, ...streams },
    env: env(),
  });
  return { code, stdout: String(streams.stdout.read() ?? ''), stderr: String(streams.stderr.read() ?? '') };
}

const env = () => ({ HOME: root });

describe('adr trust', () => {
  test('shows the guarded lines, secrets left out, and remembers the content', async () => {
    const { code, stdout, stderr } = await adr(['trust', join(project, 'sub')]);
    expect(code).toBe(0);
    expect(stderr).toBe(
      [
        '~/project/.adr sets what could widen what an agent may do:',
        '  line 2: ADR_NETWORK=host',
        '  line 3: ADR_ENV=API_KEY=***',
        '',
      ].join('\n'),
    );
    expect(stdout).toBe('Trusted ~/project/.adr as it stands; any change to it takes that back.\n');
    expect((await adr(['trust', project])).stdout).toBe('~/project/.adr is trusted already.\n');
  });

  test.each([
    ['y\n', 0, 'trusted'],
    ['n\n', 6, undefined],
    ['\n', 6, undefined],
    ['', 6, undefined],
  ] as const)('asks on a terminal: %j ends with %i', async (typed, code, state) => {
    expect((await adr(['trust', project], typed)).code).toBe(code);
    expect((await listTrusted(env()))[0]?.state).toBe(state);
  });

  test('lists what still is as it was trusted, and what is not', async () => {
    await adr(['trust', project, '--yes'], '');
    const { stdout } = await adr(['trust', '--list', '--json']);
    expect(JSON.parse(stdout)).toEqual({
      v: 1,
      files: [{ path: join(project, '.adr'), state: 'trusted', since: expect.any(String) }],
    });
    await writeFile(join(project, '.adr'), 'ADR_NETWORK=host\n');
    expect((await adr(['trust', '--list'])).stdout).toMatch(/^FILE .*\n~\/project\/\.adr {2}changed {2}/);
    await rm(join(project, '.adr'));
    expect(await listTrusted(env())).toMatchObject([{ state: 'missing' }]);
  });

  test('takes trust back, also from a file that is gone', async () => {
    await adr(['trust', project]);
    await rm(project, { recursive: true });
    expect((await adr(['trust', '--revoke', project])).stdout).toBe('~/project/.adr is no longer trusted.\n');
    expect((await adr(['trust', '--revoke', project])).stdout).toBe('~/project/.adr was not trusted.\n');
    expect(await listTrusted(env())).toEqual([]);
  });

  test('has nothing to do for a file that sets only what is safe', async () => {
    await writeFile(join(project, '.adr'), 'ADR_AGENT=pi\n');
    expect((await adr(['trust', project])).stdout).toBe('~/project/.adr sets nothing that needs trust.\n');
    expect(await listTrusted(env())).toEqual([]);
  });

  test.each([
    [['trust', '/nonexistent'], 'directory "/nonexistent" does not exist'],
    [['trust', '--list', '--revoke'], '--list shows every trusted file'],
    [['trust', '/proc'], 'no .adr in "/proc" or above it'],
  ])('%j is a usage error', async (argv, message) => {
    const { code, stderr } = await adr(argv);
    expect(code).toBe(2);
    expect(stderr).toContain(message);
  });
});

describe('adr config', () => {
  test('shows values, where they come from and their trust; values of variables are left out', async () => {
    const { stdout, stderr } = await adr(['config', '-w', project, 'network', 'env', 'agent']);
    expect(stdout.replace(/ +/g, ' ')).toBe(
      [
        'KEY VALUE SOURCE TRUST',
        'ADR_AGENT pi ~/project/.adr:1 safe',
        'ADR_ENV API_KEY=*** ~/project/.adr:3 untrusted, does not count',
        'ADR_NETWORK bridge default -',
        'ADR_NETWORK host ~/project/.adr:2 untrusted, does not count',
        '',
      ].join('\n'),
    );
    expect(stderr).toContain('adr trust');
  });

  test('prints one document with --json', async () => {
    const { stdout } = await adr(['config', 'show', 'network', '--json', '-w', project]);
    expect(JSON.parse(stdout)).toEqual({
      v: 1,
      project: { path: join(project, '.adr'), trusted: false },
      settings: [
        {
          key: 'ADR_NETWORK',
          flag: '--network',
          agent: null,
          value: 'bridge',
          sources: [{ text: 'bridge', layer: 'default', source: 'default', trust: null }],
          ignored: [
            { text: 'host', layer: 'project', source: `${join(project, '.adr')}:2`, trust: 'untrusted' },
          ],
        },
      ],
    });
  });

  test('set, get and unset say what they did', async () => {
    expect((await adr(['config', 'set', 'memory=2g', 'env=TOKEN=abc "A=b c"'])).stdout).toBe(
      'Set ADR_MEMORY=2g in ~/.config/adr/config\nAdded "TOKEN=***" and "A=b c" to ADR_ENV in ~/.config/adr/config\n',
    );
    expect((await adr(['config', 'get', 'env', '-w', root])).stdout).toBe('TOKEN=abc\nA=b c\n');
    expect((await adr(['config', 'unset', 'memory'])).stdout).toBe(
      'Removed ADR_MEMORY from ~/.config/adr/config\n',
    );
    expect((await adr(['config', 'get', 'memory', '-w', root])).stdout).toBe('4g\n');
  });

  test.each([
    [['config', 'sett', 'a=b'], 'did you mean: adr config set'],
    [['config', 'set', 'modle=x'], 'did you mean ADR_MODEL?'],
    [['config', 'set', 'model'], 'expected KEY=VALUE, got "model"'],
    [['config', 'get', 'x'], 'keys: ADR_AGENT'],
  ])('%j is a usage error', async (argv, message) => {
    const { code, stderr } = await adr(argv);
    expect(code).toBe(2);
    expect(stderr).toContain(message);
  });
});
