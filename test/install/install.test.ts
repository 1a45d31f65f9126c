import {
  existsSync,
  lstatSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { execa } from 'execa';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { makeScratch } from '../support/program.ts';
import { copyCheckout, type InstallHome, makeHome, makePath } from './support.ts';

const FINAL_LINE = "adr installed. Run 'adr status' to check your agents.\n";

let files: ReturnType<typeof makeScratch>;
/** A built copy of the checkout, for all tests that do not change it. */
let checkout: string;
let home: InstallHome;

beforeAll(async () => {
  files = makeScratch('install-files');
  checkout = copyCheckout(join(files.path, 'checkout'), { packages: true });
  await execa('node', ['build.mjs'], { cwd: checkout });
});

afterAll(() => files.remove());

beforeEach(() => {
  home = makeHome();
});

afterEach(() => home.remove());

const install = (...args: readonly string[]) => home.run(join(checkout, 'install.sh'), args);
const installed = (name: string, prefix = '.local') => join(home.path, prefix, 'bin', name);

async function expectBothAnswer(prefix?: string): Promise<void> {
  for (const name of ['adr', 'adr-tmux']) {
    const version = await home.run(installed(name, prefix), ['--version']);
    expect(version).toMatchObject({ code: 0, stderr: '', stdout: expect.stringMatching(`^${name} \\d+\\.`) });
  }
}

describe('install.sh', () => {
  test('a fresh checkout: fetches packages, builds, installs, reminds of PATH; asks nothing', async () => {
    const fresh = copyCheckout(join(home.path, 'fresh'), { packages: false });
    const cache = (await execa('npm', ['config', 'get', 'cache'])).stdout;
    mkdirSync(join(home.path, '.config/adr'), { recursive: true });
    writeFileSync(join(home.path, '.config/adr/config'), 'ADR_AGENT=pi\n');

    const result = await home.run(join(fresh, 'install.sh'), [], { npm_config_cache: cache });

    expect(result).toMatchObject({ code: 0, stdout: expect.stringMatching(/npm ci[\s\S]*Building/) });
    expect(result.stderr).toBe(
      [
        'Warning: ~/.local/bin is not on your PATH.',
        'Add the following line to your shell config file and restart:',
        '  export PATH="$PATH:$HOME/.local/bin"',
        '',
      ].join('\n'),
    );
    expect(result.stdout.endsWith(FINAL_LINE)).toBe(true);
    expect(result.stdout).toContain('adr completions install\n');
    expect(home.list('.local/bin')).toEqual(['adr', 'adr-tmux']);
    const top = readdirSync(join(home.path, '.local/share/adr'));
    expect(top).toEqual(
      expect.arrayContaining(['LICENSE', 'bin', 'config-examples', 'dist', 'images', 'package.json']),
    );
    expect(top).not.toContain('node_modules');
    // It stands by itself.
    rmSync(fresh, { recursive: true });
    await expectBothAnswer();
    expect(await home.run(installed('adr-tmux'), ['help'])).toMatchObject({ code: 0 });
    expect(readFileSync(join(home.path, '.config/adr/config'), 'utf8')).toBe('ADR_AGENT=pi\n');
  });

  test('is silent about PATH where the directory is on it, and says when another adr comes first', async () => {
    const bin = join(home.path, '.local/bin');
    const onPath = { PATH: `${bin}/:${process.env.PATH}` };
    expect(await home.run(join(checkout, 'install.sh'), [], onPath)).toMatchObject({ code: 0, stderr: '' });
    const other = makePath(join(files.path, 'other-adr'), { scripts: { adr: 'exit 0' } });
    const shadowed = await home.run(join(checkout, 'install.sh'), [], { PATH: `${other}:${bin}` });
    expect(shadowed).toMatchObject({
      code: 0,
      stderr: expect.stringContaining("'adr' on your PATH is another"),
    });
  });

  test('runs again, and an upgrade leaves no stale file', async () => {
    const own = copyCheckout(join(home.path, 'checkout'), { packages: true });
    expect(await home.run(join(own, 'install.sh'))).toMatchObject({ code: 0 });
    const again = await home.run(join(own, 'install.sh'));
    expect(again).toMatchObject({ code: 0, stdout: expect.not.stringContaining('Building') });
    const stale = join(home.path, '.local/share/adr/dist/stale.js');
    writeFileSync(stale, '');
    const packageJson = readFileSync(join(own, 'package.json'), 'utf8');
    writeFileSync(
      join(own, 'package.json'),
      packageJson.replace(/"version": "[^"]+"/, '"version": "9.8.7-next"'),
    );

    const upgrade = await home.run(join(own, 'install.sh'));

    expect(upgrade).toMatchObject({ code: 0, stdout: expect.stringContaining('Building') });
    expect(upgrade.stdout).toContain('Installed adr 9.8.7-next');
    expect((await home.run(installed('adr'), ['--version'])).stdout).toBe('adr 9.8.7-next\n');
    expect(existsSync(stale)).toBe(false);
    expect(readdirSync(join(home.path, '.local/share'))).toEqual(['adr']);
  });

  test('refuses files it did not install, and installs nothing then', async () => {
    const bin = join(home.path, '.local/bin');
    mkdirSync(bin, { recursive: true });
    for (const make of [
      () => writeFileSync(join(bin, 'adr-tmux'), '#!/bin/sh\n'),
      () => symlinkSync('/bin/true', join(bin, 'adr-tmux')),
      () => symlinkSync('/nonexistent', join(bin, 'adr-tmux')),
      () => mkdirSync(join(bin, 'adr-tmux')),
    ]) {
      make();
      expect(await install()).toMatchObject({
        code: 5,
        stderr: `Error: Cannot overwrite existing file '${bin}/adr-tmux'. Remove it manually or check permissions.\n`,
      });
      expect(home.list('.local/bin').map((name) => name.replace('/', ''))).toEqual(['adr-tmux']);
      expect(existsSync(join(home.path, '.local/share'))).toBe(false);
      rmSync(join(bin, 'adr-tmux'), { recursive: true });
    }
    mkdirSync(join(home.path, '.local/share/adr'), { recursive: true });
    writeFileSync(join(home.path, '.local/share/adr/notes'), 'mine');
    expect(await install()).toMatchObject({ code: 5, stderr: expect.stringContaining('/.local/share/adr') });
    expect(home.list('.local')).toEqual(['bin/', 'share/', 'share/adr/', 'share/adr/notes']);
  });

  test('installs into a prefix with blanks and quotes in it, and takes a relative one', async () => {
    const prefix = `my "tools" & 日本's`;
    const result = await install('--prefix', join(home.path, prefix));
    expect(result).toMatchObject({
      code: 0,
      stderr: expect.stringContaining(`$PATH:${home.path}/${prefix}/bin"`),
    });
    await expectBothAnswer(prefix);
    expect(await install('--prefix=relative/place')).toMatchObject({ code: 0 });
    await expectBothAnswer('relative/place');
    expect(home.list('.local')).toEqual([]);
  });

  test('a step that fails leaves the old installation whole', async () => {
    expect(await install()).toMatchObject({ code: 0 });
    const before = home.list('.local');
    writeFileSync(join(home.path, '.local/share/adr/dist/old.js'), '');

    const early = makePath(join(files.path, 'no-copy'), { scripts: { cp: 'echo full >&2; exit 1' } });
    expect(await home.run(join(checkout, 'install.sh'), [], { PATH: early })).toMatchObject({ code: 1 });
    expect(home.list('.local')).toEqual([...before, 'share/adr/dist/old.js'].sort());

    // The last step, after the new runtime has taken its place.
    rmSync(installed('adr-tmux'));
    const late = makePath(join(files.path, 'no-link'), { scripts: { ln: 'exit 1' } });
    expect(await home.run(join(checkout, 'install.sh'), [], { PATH: late })).toMatchObject({ code: 1 });
    expect(home.list('.local')).toEqual(
      [...before.filter((name) => name !== 'bin/adr-tmux'), 'share/adr/dist/old.js'].sort(),
    );
    expect(await home.run(installed('adr'), ['--version'])).toMatchObject({ code: 0 });
    expect(await install()).toMatchObject({ code: 0 });
    expect(home.list('.local')).toEqual(before);
  });

  test('a first installation that fails leaves nothing', async () => {
    const path = makePath(join(files.path, 'no-second-link'), {
      scripts: { ln: 'case $* in *adr-tmux*) exit 1;; esac; exec /bin/ln "$@"' },
    });
    const result = await home.run(join(checkout, 'install.sh'), [], { PATH: path });
    expect(result).toMatchObject({ code: 1, stderr: expect.stringContaining('Nothing was installed.') });
    expect(home.list('.local')).toEqual(['bin/', 'share/']);
  });

  test('removes what an install that was killed left behind, and leaves one that runs alone', async () => {
    const share = join(home.path, '.local/share');
    const alive = `.adr.new.${process.pid}`;
    mkdirSync(join(share, '.adr.new.4194399'), { recursive: true });
    mkdirSync(join(share, alive));
    expect(await install()).toMatchObject({ code: 0 });
    expect(readdirSync(share).sort()).toEqual([alive, 'adr']);
  });

  test('names what is missing: a file, Node, a build that fails', async () => {
    const broken = copyCheckout(join(home.path, 'broken'), { packages: true });
    const script = join(broken, 'install.sh');
    const oldNode = makePath(join(files.path, 'old-node'), {
      scripts: { node: 'case $1 in --version) echo v18.20.4;; *) exit 1;; esac' },
    });
    expect(await home.run(script, [], { PATH: oldNode })).toMatchObject({
      code: 4,
      stderr: expect.stringContaining('needs Node 20.12 or newer, this is v18.20.4'),
    });
    const noNode = makePath(join(files.path, 'no-node'), { without: ['node'] });
    expect(await home.run(script, [], { PATH: noNode })).toMatchObject({
      code: 4,
      stderr: expect.stringContaining('there is no node on PATH'),
    });
    rmSync(join(broken, 'images'), { recursive: true });
    expect(await home.run(script)).toMatchObject({
      code: 1,
      stderr: `Error: incomplete: ${broken}/images is missing\n`,
    });
    writeFileSync(join(broken, 'src/errors.ts'), 'export const = ;\n');
    // The build may have ended within the same tick of the file system's clock.
    const later = Date.now() / 1000 + 2;
    utimesSync(join(broken, 'src/errors.ts'), later, later);
    expect(await home.run(script)).toMatchObject({
      code: 1,
      stderr: expect.stringContaining('Error: the build failed'),
    });
    expect(home.list('.local')).toEqual([]);
  });

  test('wrong options', async () => {
    expect(await install('--frob')).toMatchObject({
      code: 2,
      stderr: expect.stringMatching(/^Error: Unknown option '--frob'\nUsage: /),
    });
    expect(await install('--prefix')).toMatchObject({
      code: 2,
      stderr: 'Error: --prefix requires a value\n',
    });
    expect(await install('--help')).toMatchObject({ code: 0, stdout: expect.stringContaining('Usage: ') });
    expect(home.list()).toEqual([]);
  });

  test('from an unpacked tarball, without npm', async () => {
    const { stdout } = await execa('npm', ['pack', '--silent', '--pack-destination', home.path], {
      cwd: checkout,
    });
    await execa('tar', ['-xzf', join(home.path, stdout.trim())], { cwd: home.path });
    expect(home.list('package').filter((name) => /^(src|node_modules|test)\//.test(name))).toEqual([]);
    const path = makePath(join(files.path, 'no-npm'), { without: ['npm', 'npx'] });

    const result = await home.run(join(home.path, 'package/install.sh'), [], { PATH: path });

    expect(result).toMatchObject({ code: 0, stdout: expect.not.stringContaining('Building') });
    await expectBothAnswer();
    expect(statSync(join(home.path, '.local/share/adr/bin/adr.js')).mode & 0o111).toBe(0o111);
  });

  test.runIf(process.getuid?.() === 0)(
    'under sudo: for the user who called it, and all of it is his',
    async () => {
      const user = join(home.path, 'alice');
      mkdirSync(user);
      const path = makePath(join(files.path, 'sudo'), {
        scripts: { getent: `echo "alice:x:1234:5678:Alice:${user}:/bin/sh"`, sudo: 'shift 3; exec "$@"' },
      });
      const sudo = { PATH: path, SUDO_USER: 'alice' };
      expect(await home.run(join(checkout, 'install.sh'), [], sudo)).toMatchObject({ code: 0, stderr: '' });
      const owners = new Set(
        home.list('alice').map((name) => {
          const { uid, gid } = lstatSync(join(user, name));
          return `${uid}:${gid}`;
        }),
      );
      expect([...owners]).toEqual(['1234:5678']);
      expect(existsSync(join(home.path, '.local'))).toBe(false);
      // A place that is not in his home stays root's.
      const shared = join(home.path, 'usr');
      expect(await home.run(join(checkout, 'install.sh'), ['--prefix', shared], sudo)).toMatchObject({
        code: 0,
      });
      expect(statSync(join(shared, 'share/adr')).uid).toBe(0);

      expect(await home.run(join(checkout, 'uninstall.sh'), ['--yes'], sudo)).toMatchObject({ code: 0 });
      expect(home.list('alice').filter((name) => !name.endsWith('/'))).toEqual([]);
      expect(existsSync(join(shared, 'bin/adr'))).toBe(true);
    },
  );
});
