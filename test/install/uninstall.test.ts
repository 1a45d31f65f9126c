import { existsSync, mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { execa } from 'execa';
import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from 'vitest';
import { makeScratch } from '../support/program.ts';
import { openTestServer, waitFor } from '../support/tmux-server.ts';
import { copyCheckout, type InstallHome, makeHome } from './support.ts';

let files: ReturnType<typeof makeScratch>;
let checkout: string;
let home: InstallHome;

beforeAll(async () => {
  files = makeScratch('uninstall');
  checkout = copyCheckout(join(files.path, 'checkout'), { packages: true });
  await execa('node', ['build.mjs'], { cwd: checkout });
});

afterAll(() => files.remove());

beforeEach(async () => {
  home = makeHome();
  for (const name of KEPT) {
    mkdirSync(dirname(join(home.path, name)), { recursive: true });
    writeFileSync(join(home.path, name), 'mine\n');
  }
  expect(await home.run(join(checkout, 'install.sh'))).toMatchObject({ code: 0 });
});

afterEach(() => home.remove());

const KEPT = [
  '.config/adr-tmux/notes',
  '.config/adr/config',
  '.local/bin/another',
  '.local/share/another/file',
  '.local/state/adr/trust.json',
  'work/.adr',
];

const uninstall = (...args: readonly string[]) => home.run(join(checkout, 'uninstall.sh'), args);
const listFiles = () => home.list().filter((name) => !name.endsWith('/'));

test('--yes removes the programs and the runtime, says so, and keeps everything else', async () => {
  expect(await uninstall('--yes')).toMatchObject({
    code: 0,
    stderr: '',
    stdout: [
      `Removed ${home.path}/.local/bin/adr`,
      `Removed ${home.path}/.local/bin/adr-tmux`,
      `Removed ${home.path}/.local/share/adr`,
      'adr has been uninstalled successfully.',
      '',
    ].join('\n'),
  });
  expect(listFiles()).toEqual(KEPT);
  expect(await uninstall('--yes')).toMatchObject({
    code: 0,
    stdout: 'adr does not appear to be installed.\n',
  });
});

test('removes the completions that adr wrote, and no others', async () => {
  const adr = join(home.path, '.local/bin/adr');
  for (const shell of ['bash', 'zsh', 'fish']) {
    expect(await home.run(adr, ['completions', 'install', shell])).toMatchObject({ code: 0 });
  }
  const written = [
    '.bash_completion.d/adr',
    '.bash_completion.d/adr-tmux',
    '.config/fish/completions/adr-tmux.fish',
    '.config/fish/completions/adr.fish',
    '.zsh/completions/_adr',
    '.zsh/completions/_adr-tmux',
  ];
  expect(listFiles()).toEqual(expect.arrayContaining(written));
  const own = ['.bash_completion.d/adr', '.zsh/completions/_adr-other'];
  for (const name of own) writeFileSync(join(home.path, name), '# completion for adr, my own\n');
  const { code, stdout } = await uninstall('--yes');
  expect(code).toBe(0);
  for (const name of written.filter((path) => !own.includes(path))) {
    expect(stdout).toContain(`Removed ${home.path}/${name}\n`);
  }
  expect(listFiles()).toEqual([...KEPT, ...own].sort());
  expect(stdout).not.toContain('.bashrc');
});

test('tells of the line in ~/.bashrc that has nothing left to read', async () => {
  const line = 'for f in ~/.bash_completion.d/*; do . "$f"; done';
  writeFileSync(join(home.path, '.bashrc'), `${line}\n`);
  await home.run(join(home.path, '.local/bin/adr'), ['completions', 'install', 'bash']);
  expect((await uninstall('--yes')).stdout).toContain(`  ${line}\n`);
  expect(listFiles()).toEqual(['.bashrc', ...KEPT].sort());
});

test('the installed copy removes the installation it belongs to', async () => {
  const prefix = join(home.path, 'my tools');
  expect(await home.run(join(checkout, 'install.sh'), ['--prefix', prefix])).toMatchObject({ code: 0 });
  expect(await home.run(join(prefix, 'share/adr/uninstall.sh'), ['--yes'])).toMatchObject({ code: 0 });
  expect(home.list('my tools')).toEqual(['bin/', 'share/']);
  expect(existsSync(join(home.path, '.local/bin/adr'))).toBe(true);
  expect(await uninstall('--yes', '--prefix', prefix)).toMatchObject({
    code: 0,
    stdout: expect.stringContaining('does not appear'),
  });
});

test('without a terminal and without --yes it removes nothing and says how', async () => {
  const before = home.list();
  expect(await uninstall()).toMatchObject({ code: 2, stderr: expect.stringContaining('uninstall.sh --yes') });
  expect(home.list()).toEqual(before);
  expect(await uninstall('--frob')).toMatchObject({
    code: 2,
    stdout: '',
    stderr: expect.stringMatching(/^Error: Unknown option '--frob'\nUsage: /),
  });
});

test('another program of the name stays, and half an installation goes', async () => {
  rmSync(join(home.path, '.local/bin/adr'));
  writeFileSync(join(home.path, '.local/bin/adr'), '#!/bin/sh\n');
  rmSync(join(home.path, '.local/share/adr'), { recursive: true });
  const result = await uninstall('--yes');
  expect(result).toMatchObject({ code: 0, stdout: expect.not.stringContaining('bin/adr\n') });
  expect(listFiles()).toEqual([...KEPT, '.local/bin/adr'].sort());
});

test('on a terminal it asks; only y or yes removes', async () => {
  const server = openTestServer();
  try {
    await server.start();
    const ask = async (answer: string) => {
      const command = `env HOME='${home.path}' XDG_CONFIG_HOME= '${join(checkout, 'uninstall.sh')}'; echo "code $?"; cat`;
      const pane = await server.run('new-window', '-t', 'keep', '-P', '-F', '#{pane_id}', command);
      const screen = () => server.run('capture-pane', '-p', '-J', '-t', pane);
      await waitFor('the question', async () => (await screen()).includes('[y/N]'));
      await server.run('send-keys', '-t', pane, answer, 'Enter');
      return await waitFor('its end', async () => /code \d/.test(await screen()) && screen());
    };
    const no = await ask('n');
    expect(no).toContain(`Remove adr? This will delete ${home.path}/.local/bin/adr`);
    expect(no).toContain('and Docker images are kept. [y/N] n');
    expect(no).toMatch(/Aborted\.\s+code 0/);
    expect(existsSync(join(home.path, '.local/bin/adr'))).toBe(true);
    expect(await ask('Yes')).toMatch(/uninstalled successfully\.\s+code 0/);
    expect(listFiles()).toEqual(KEPT);
  } finally {
    await server.kill();
  }
});

test('says which agents are still running', async () => {
  const server = openTestServer();
  const adrTmux = join(home.path, '.local/bin/adr-tmux');
  const env = { ADR_TMUX_SOCKET: server.socket };
  try {
    expect(await home.run(adrTmux, ['start', 'busy', '--agent', 'demo'], env)).toMatchObject({ code: 0 });
    const refused = await home.run(join(checkout, 'uninstall.sh'), [], env);
    expect(refused).toMatchObject({
      code: 2,
      stderr: expect.stringMatching(/still running[\s\S]*busy \[[\s\S]*demo-1/),
    });
    expect(await home.run(adrTmux, ['stop', 'busy'], env)).toMatchObject({ code: 0 });
    expect(await home.run(join(checkout, 'uninstall.sh'), ['--yes'], env)).toMatchObject({
      code: 0,
      stderr: '',
    });
  } finally {
    await server.kill();
  }
});
