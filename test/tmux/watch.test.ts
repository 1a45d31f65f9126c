import { join } from 'node:path';
import { execa } from 'execa';
import { afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { ensureBuilt, makeScratch, ROOT, runProgram } from '../support/program.ts';
import { driveSessions, type SessionDriver } from '../support/session-driver.ts';
import { openTestServer, type TestServer, waitFor } from '../support/tmux-server.ts';

let server: TestServer;
let terminal: TestServer;
let home: ReturnType<typeof makeScratch>;
let driver: SessionDriver;

beforeAll(ensureBuilt);

beforeEach(async () => {
  server = openTestServer();
  // The view runs in a tmux of its own: a terminal whose picture can be read.
  terminal = openTestServer();
  home = makeScratch('watch');
  driver = driveSessions(home, server.socket, { ADR_DEMO_THINK_MS: '300' });
  const started = await driver.run('start', 'refactor', '--agent', 'demo:main', '--agent', 'demo');
  expect(started).toMatchObject({ code: 0 });
});

afterEach(async () => {
  await terminal.kill();
  // Nothing writes to the home any more when it is removed.
  await driver.run('stop', 'refactor');
  await server.kill();
  home.remove();
});

/** A shell line that runs `adr-tmux watch` with these words, then tells its exit code and waits. */
function buildShellLine(words: readonly string[], env: Readonly<Record<string, string>> = {}): string {
  const variables = Object.entries({ ...driver.env, ...env }).map(([name, value]) => `${name}='${value}'`);
  const program = `'${process.execPath}' '${join(ROOT, 'bin/adr-tmux.js')}'`;
  return `echo before; env ${variables.join(' ')} ${program} watch ${words.join(' ')}; echo "left with $?"; exec cat`;
}

async function openView(size: string, ...words: readonly string[]): Promise<void> {
  const [columns = '', rows = ''] = size.split('x');
  await terminal.run('new-session', '-d', '-s', 'view', '-x', columns, '-y', rows, buildShellLine(words));
}

const capture = (...flags: readonly string[]): Promise<string> =>
  terminal.run('capture-pane', '-p', ...flags, '-t', 'view');
const press = (...keys: readonly string[]): Promise<string> =>
  terminal.run('send-keys', '-t', 'view', ...keys);
const see = (text: string | RegExp): Promise<string> =>
  waitFor(`${text}`, async () => {
    const picture = await capture();
    return (typeof text === 'string' ? picture.includes(text) : text.test(picture)) && picture;
  });

/** The terminal is as it was: main screen, cursor, wrapping, echo; what stood there before stands there still. */
async function expectCleanTerminal(code: number): Promise<void> {
  const picture = await see(`left with ${code}`);
  expect(picture.split('\n')[0]).toBe('before');
  const flags = '#{alternate_on} #{cursor_flag} #{wrap_flag} #{mouse_any_flag}';
  expect(await terminal.run('display-message', '-p', '-t', 'view', flags)).toBe('0 1 1 0');
  await press('typed');
  await see('typed');
}

describe.each(['60x15', '120x40'])('the view at %s', (size) => {
  test('shows the agents, follows them, and Ctrl+C leaves them running', async () => {
    await openView(size, 'refactor');
    // The last line is painted last.
    const picture = await see(/❯ ○ main.*IDLE[\s\S]*Ask demo[\s\S]*q leave$/);
    expect(picture).toMatch(/^ refactor {2}up \d+s {2}~\/work {2}host/m);
    expect(picture).toMatch(/── ○ main · demo · IDLE ─+ 1\/2 ─/);
    expect(picture).toContain('Ask demo anything');
    expect(picture.split('\n').at(-1)).toMatch(/^ ↑↓ select {3}s send .*\? help {3}q leave$/);

    await driver.run('send', 'refactor', '--agent', 'demo-1', '/ask rm -rf 日本語');
    await see(/ {2}\? demo-1.*WAITING +\d+s {2}rm -rf 日本語/);
    await press('j');
    await see(/── \? demo-1 · demo · WAITING · rm -rf 日本語 ─+ 2\/2 ─/);
    await press('?');
    await see('leave; everything keeps running');
    await press('Escape');
    await see(/❯ \? demo-1/);

    await press('C-c');
    await expectCleanTerminal(0);
    expect((await driver.readAgents('refactor')).map(({ state }) => state)).toEqual(['IDLE', 'WAITING']);
  });
});

describe('the keys', () => {
  const type = (text: string): Promise<string> => press('-l', '--', text);

  test('a prompt is written and sent, a question answered, an agent restarted, a pane opened', async () => {
    await openView('100x30', 'refactor');
    await see(/❯ ○ main.*IDLE/);
    await press('s');
    await see('prompt to main');
    await type('hello 日本');
    await press('C-j');
    await type('second line');
    await press('Enter');
    await see('main: submitted (confirmed by the agent)');
    await see(/last prompt, \d+s ago: hello 日本 second line/);
    await see('You said: hello 日本');

    await press('j', 's');
    await type('/ask rm -rf build');
    await press('Enter');
    await see(/❯ \? demo-1.*WAITING/);
    await press('s');
    await see('demo-1 asks something: a answers it');
    await press('a');
    await see(/❯ 1 {2}Yes {2}\(y\)\n {3}2 {2}No {2}\(n\)/);
    await press('n');
    await see(/❯ ○ demo-1.*IDLE/);

    await press('e');
    await see(/IDLE → RUNNING/);
    await press('e', 'r');
    await see('restart demo-1?');
    await press('y');
    await see('demo-1: restarted in refactor');
    await see(/❯ ○ demo-1.*IDLE/);

    await press('o');
    await see('[adr-refac');
    await server.run('detach-client', '-s', '=adr-refactor');
    await see('adr-tmux watch');
    await press('q');
    await expectCleanTerminal(0);
  }, 90_000);

  test('what is pasted is text, also what would be a key; the filter finds; X stops after a y', async () => {
    await openView('80x24');
    await see(/❯ ○ main.*IDLE/);
    await terminal.run('set-buffer', '-b', 'p', 'q\nX\ny');
    await terminal.run('paste-buffer', '-p', '-b', 'p', '-t', 'view');
    await press('s');
    await terminal.run('paste-buffer', '-p', '-r', '-b', 'p', '-t', 'view');
    await see(/▸ q\n {3}X\n {3}y/);
    await press('Escape');
    await see('q leave');
    await press('/');
    await type('demo-1');
    await press('Enter');
    await see('filter: demo-1');
    expect(await capture()).not.toContain('main');
    await press('X');
    await see('stop session refactor, all its agents and containers? (y/n)');
    await press('n');
    await see('filter: demo-1');
    await press('X', 'y');
    await see('No agent has these words');
    expect((await driver.run('status')).stdout).toContain('No sessions.');
    await press('q');
    await expectCleanTerminal(0);
  }, 90_000);
});

describe('leaving', () => {
  test('q', async () => {
    await openView('80x24', 'refactor');
    await see(/❯ ○ main/);
    await press('q');
    await expectCleanTerminal(0);
  });

  test('SIGTERM', async () => {
    await openView('80x24', 'refactor');
    await see(/❯ ○ main/);
    const shell = await terminal.run('display-message', '-p', '-t', 'view', '#{pane_pid}');
    const { stdout: child } = await execa('ps', ['-o', 'pid=', '--ppid', shell]);
    process.kill(Number(child), 'SIGTERM');
    await expectCleanTerminal(143);
  });

  test('Ctrl+Z and SIGTSTP give the terminal back until fg', async () => {
    await terminal.run('new-session', '-d', '-s', 'view', '-x', '80', '-y', '24', 'exec bash --norc -i');
    await press('-l', '--', `${buildShellLine(['refactor']).split('; echo "left')[0]}`);
    await press('Enter');
    await see(/❯ ○ main[\s\S]*q leave$/);
    const flags = () =>
      terminal.run('display-message', '-p', '-t', 'view', '#{alternate_on} #{cursor_flag} #{wrap_flag}');
    await press('C-z');
    await see(/\[1\]\+ {2}Stopped/);
    expect(await flags()).toBe('0 1 1');
    await press('-l', '--', 'clear; fg');
    await press('Enter');
    await see(/❯ ○ main[\s\S]*q leave$/);
    const shell = await terminal.run('display-message', '-p', '-t', 'view', '#{pane_pid}');
    const { stdout: child } = await execa('ps', ['-o', 'pid=', '--ppid', shell]);
    process.kill(Number(child), 'SIGTSTP');
    await see(/\[1\]\+ {2}Stopped/);
    expect(await flags()).toBe('0 1 1');
    await press('-l', '--', 'clear; fg; echo "left with $?"');
    await press('Enter');
    await see(/❯ ○ main[\s\S]*q leave$/);
    await press('q');
    await see('left with 0');
    expect(await flags()).toBe('0 1 1');
  }, 90_000);

  test('the session is gone', async () => {
    await openView('80x24', 'refactor');
    await see(/❯ ○ main/);
    await driver.run('stop', 'refactor');
    await see('session "refactor" is gone');
    await expectCleanTerminal(0);
  });

  test('there is no such session: told without a view', async () => {
    await openView('80x24', 'refacto');
    expect(await see('error: no session "refacto"')).toContain('did you mean "refactor"?');
    await expectCleanTerminal(3);
  });
});

test('without a session it waits for one', async () => {
  await driver.run('stop', 'refactor');
  await openView('80x24');
  await see('No sessions. Start one');
  await driver.run('start', 'later', '--agent', 'demo:main');
  await see(/❯ . main/);
  await driver.run('stop', 'later');
  await see('No sessions. Start one');
});

test('a resized terminal is filled again', async () => {
  await openView('120x40', 'refactor');
  await see(/❯ ○ main/);
  for (const [columns, rows] of [
    [60, 15],
    [200, 50],
    [40, 8],
    [80, 24],
  ] as const) {
    await terminal.run('resize-window', '-t', 'view', '-x', `${columns}`, '-y', `${rows}`);
    await waitFor(`${columns}x${rows}`, async () => {
      const lines = (await capture()).split('\n');
      const rule = lines.find((line) => line.startsWith(' ── '));
      const filled = lines.length === rows && lines[0]?.startsWith(' adr-tmux');
      return filled && lines.at(-1)?.includes('q leave') && rule?.length === columns - 1;
    });
  }
});

test('NO_COLOR: no colours, and every state is still told', async () => {
  const colored = /\x1b\[[0-9;]*3[1-7]m/;
  await terminal.start();
  const open = (name: string, env: Readonly<Record<string, string>>): Promise<string> =>
    terminal.run('new-session', '-d', '-s', name, buildShellLine(['refactor'], env));
  // CI=1 alone would switch colours off.
  await open('view', { FORCE_COLOR: '1' });
  await see(/❯ ○ main.*IDLE/);
  expect(await capture('-e')).toMatch(colored);
  await terminal.run('kill-session', '-t', '=view');
  await open('view', { NO_COLOR: '1' });
  await see(/❯ ○ main.*IDLE/);
  expect(await capture('-e')).not.toMatch(colored);
});

describe('piped', () => {
  const start = (...words: readonly string[]) =>
    execa(
      process.execPath,
      [join(ROOT, 'bin/adr-tmux.js'), 'watch', '--interval', '300ms', ...words],
      // A stdin that is no terminal, as in a pipeline.
      { env: driver.env, reject: false, stdin: 'ignore', buffer: false },
    );

  function collect(child: ReturnType<typeof start>): { text: string; errors: string } {
    const seen = { text: '', errors: '' };
    child.stdout.setEncoding('utf8').on('data', (chunk: string) => {
      seen.text += chunk;
    });
    child.stderr.setEncoding('utf8').on('data', (chunk: string) => {
      seen.errors += chunk;
    });
    return seen;
  }

  test('a line per change, the first for each agent, until the session is gone', async () => {
    await driver.waitForState('refactor', 'demo-1', 'IDLE');
    const child = start('refactor');
    const seen = collect(child);
    await waitFor('first lines', () => seen.text.split('\n').length > 2);
    expect(seen.text).toMatch(/^\d\d:\d\d:\d\d refactor\/main IDLE {2}.*\n.* refactor\/demo-1 IDLE {2}.*\n$/);
    await driver.run('send', 'refactor', '--agent', 'main', '/ask rm -rf build');
    await waitFor('question', () => seen.text.includes('-> WAITING (rm -rf build)\n'));
    await driver.run('stop', 'refactor');
    expect((await child).exitCode).toBe(0);
    expect(seen.text.split('\n').slice(-3)).toEqual([
      expect.stringMatching(/refactor\/main \w+ -> GONE$/),
      expect.stringMatching(/refactor\/demo-1 \w+ -> GONE$/),
      '',
    ]);
    expect(seen.errors).toBe('session "refactor" is gone\n');
    expect(seen.text).not.toMatch(/[\x00-\x09\x0b-\x1f\x7f-\x9f]/);
  });

  test('--ndjson for one agent; Ctrl+C ends it', async () => {
    const child = start('refactor', '--agent', 'main', '--ndjson');
    const seen = collect(child);
    await waitFor('first object', () => seen.text.includes('\n'));
    await driver.run('send', 'refactor', '--agent', 'main', '/exit 3');
    await waitFor('exit', () => seen.text.includes('"to":"EXITED"'));
    child.kill('SIGINT');
    expect((await child).exitCode).toBe(0);
    const objects = seen.text
      .trimEnd()
      .split('\n')
      .map((line) => JSON.parse(line) as Record<string, unknown>);
    expect(objects[0]).toMatchObject({ v: 1, session: 'refactor', agent: 'main', type: 'demo', from: null });
    expect(objects.at(-1)).toMatchObject({ to: 'EXITED', exit: 3 });
    expect(new Set(objects.map(({ agent }) => agent))).toEqual(new Set(['main']));
    expect(seen.errors).toBe('');
  });

  test('a reader that goes away ends it quietly', async () => {
    const program = `'${process.execPath}' '${join(ROOT, 'bin/adr-tmux.js')}'`;
    const script = `{ ${program} watch refactor --interval 300ms; echo "code $?" >&2; } | head -1`;
    const shell = execa('bash', ['-c', script], { env: driver.env, reject: false });
    await driver.run('send', 'refactor', '--agent', 'main', 'x');
    await driver.run('send', 'refactor', '--agent', 'demo-1', '--wait', 'x');
    const { stdout, stderr } = await shell;
    expect(stdout.split('\n')).toHaveLength(1);
    expect(stderr).toBe('code 0');
  });

  test.each([
    [['refacto'], 3, 'no session "refacto"'],
    [['refactor', '--agent', 'mian'], 3, 'did you mean "main"?'],
    [['refactor', '--interval', '0'], 2, '"0" is too short for --interval'],
    [['refactor', '--interval', 'soon'], 2, "'soon'"],
  ])('%j', async (words, code, text) => {
    const result = await runProgram('adr-tmux', ['watch', ...words], { env: driver.env });
    expect(result).toMatchObject({ code, stdout: '' });
    expect(result.stderr).toContain(text);
  });

  test('no session at all', async () => {
    await driver.run('stop', 'refactor');
    const result = await runProgram('adr-tmux', ['watch'], { env: driver.env });
    expect(result).toEqual({ code: 0, stdout: '', stderr: 'no sessions\n' });
  });
});
