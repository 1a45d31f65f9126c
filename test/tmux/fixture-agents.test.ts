import { execFile } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { promisify } from 'node:util';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';

const run = promisify(execFile);
const fixtures = join(import.meta.dirname, '../../fixtures/agents');
let directory = '';
let server: readonly string[] = [];
let servers = 0;

beforeEach(async () => {
  directory = await mkdtemp(join(tmpdir(), 'adr-fixtures-'));
  servers += 1;
  server = ['-u', '-L', `adr-test-${process.pid}-f${servers}`, '-f', '/dev/null'];
});

afterEach(async () => {
  const socket = await tmux('display-message', '-p', '#{socket_path}').catch(() => '');
  await tmux('kill-server').catch(() => '');
  if (socket !== '') await rm(socket, { force: true });
  await rm(directory, { recursive: true, force: true });
});

async function tmux(...args: readonly string[]): Promise<string> {
  const { TMUX: _, ...env } = process.env;
  return (await run('tmux', [...server, ...args], { env, maxBuffer: 1e8 })).stdout.trimEnd();
}

async function start(name: string, args: readonly string[] = [], env: readonly string[] = []): Promise<void> {
  const variables = env.flatMap((variable) => ['-e', variable]);
  const command = ['-x', '80', '-y', '24', ...variables, '--', join(fixtures, name), ...args];
  await tmux('new-session', '-d', ...command, ';', 'set', '-w', 'remain-on-exit', 'on');
}

const capture = (): Promise<string> => tmux('capture-pane', '-p');
const ask = (format: string): Promise<string> =>
  tmux('run-shell', '-b', 'true', ';', 'run-shell', '-d', '0.05', ';', 'display-message', '-p', format);

async function waitFor(what: string | RegExp, look: () => Promise<string> = capture): Promise<string> {
  const end = Date.now() + 25_000;
  for (;;) {
    const seen = await look();
    if (typeof what === 'string' ? seen.includes(what) : what.test(seen)) return seen;
    if (Date.now() > end) throw new Error(`waited in vain for ${String(what)}; seen:\n${seen}`);
    await sleep(50);
  }
}

async function paste(content: string): Promise<void> {
  const file = join(directory, 'paste');
  await writeFile(file, content);
  await tmux('load-buffer', '-b', 'p', file, ';', 'paste-buffer', '-p', '-r', '-d', '-b', 'p');
}

describe('fixture agents', () => {
  test('chatty.sh prints a line a second', async () => {
    await start('chatty.sh');
    await waitFor('line 1\nline 2\nline 3');
  });

  test('silent.sh stays as it is', async () => {
    await start('silent.sh');
    const seen = await waitFor('waiting for nothing');
    await sleep(1000);
    expect(await capture()).toBe(seen);
    expect(await ask('#{pane_dead}')).toBe('0');
  });

  test.each([
    ['spinner.sh', /^. Working\.\.\. \(\d+s\)$/],
    ['clock.sh', /^\d\d:\d\d:\d\d$/],
  ])('%s redraws one line', async (name, line) => {
    await start(name);
    const seen = await waitFor(line);
    await waitFor(line, async () => {
      const now = await capture();
      return now === seen ? '' : now;
    });
  });

  test('prompt-echo.mjs shows what arrives', async () => {
    await start('prompt-echo.mjs');
    await waitFor('ready');
    await paste('a\n  b');
    await tmux('send-keys', 'Enter', 'Escape');
    await waitFor('<PASTE>a<LF>\n  b</PASTE><ENTER>\n<ESC>');
  });

  test('slow-paste.mjs loses an Enter that comes too soon', async () => {
    await start('slow-paste.mjs');
    await waitFor('>');
    await paste('fix it\nnow');
    await tmux('send-keys', 'Enter');
    await sleep(600);
    expect(await capture()).not.toContain('SUBMITTED');
    await tmux('send-keys', 'Enter');
    await waitFor('SUBMITTED "fix it\\nnow"');
  });

  test('title-hijack.sh takes the title back', async () => {
    await start('title-hijack.sh');
    await tmux('select-pane', '-T', 'mine');
    await waitFor('hijacked by the program', () => ask('#{pane_title}'));
  });

  test('alt-screen.sh draws on the alternate screen and leaves it', async () => {
    await start('alt-screen.sh');
    await waitFor('on the alternate screen');
    expect(await ask('#{alternate_on}')).toBe('1');
    process.kill(Number(await ask('#{pane_pid}')), 'SIGTERM');
    await waitFor('before the alternate screen', () => tmux('capture-pane', '-p', '-S', '-1'));
    await waitFor('1 0', () => ask('#{pane_dead} #{alternate_on}'));
  });

  test.each([
    ['exit-7.sh', '1 7'],
    ['instant-exit.sh', '1 0'],
  ])('%s ends', async (name, status) => {
    await start(name);
    await waitFor(status, () => ask('#{pane_dead} #{pane_dead_status}'));
  });

  test('ignore-hup.sh outlives its session', async () => {
    await start('ignore-hup.sh');
    const pid = Number(/pid (\d+)/.exec(await waitFor(/pid \d+/))?.[1]);
    await tmux('set', '-s', 'exit-empty', 'off', ';', 'kill-session');
    await sleep(300);
    process.kill(pid, 'SIGTERM');
    await sleep(300);
    expect(process.kill(pid, 'SIGKILL')).toBe(true);
  });

  test('cooked.sh takes every pasted line for itself', async () => {
    await start('cooked.sh');
    await waitFor('prompt>');
    await paste('one\ntwo\n');
    await waitFor(/got \[one\][\s\S]*got \[two\]/);
  });

  test('big-output.sh overflows the history', async () => {
    await start('big-output.sh');
    await waitFor('output line 20000 of 20000\ndone');
    expect(Number(await ask('#{history_size}'))).toBeLessThan(20_000);
  });

  test('unicode.sh keeps its characters', async () => {
    await start('unicode.sh');
    const seen = await waitFor('box: ─│╭╮ ▟█▙ ⠋');
    for (const piece of ['日本語 한국어 中文', '🚀', 'e\u0301 a\u030a n\u0303', 'שלום'])
      expect(seen).toContain(piece);
  });

  test('asks.sh asks and says what was answered', async () => {
    await start('asks.sh');
    await waitFor(/Do you want to run this command\?[\s\S]*1\. Yes\n {2}2\. No/);
    await tmux('send-keys', '1', 'Enter');
    await waitFor('answered [1]');
  });
});

describe('fake-adr', () => {
  const common = ['-w', tmpdir(), '--engine', 'host'];

  test('runs what FAKE_AGENT_<TYPE> names', async () => {
    await start('fake-adr', ['run', 'claude', ...common, '--name', 'silent'], ['FAKE_AGENT_CLAUDE=exit-7']);
    await waitFor('1 7', () => ask('#{pane_dead} #{pane_dead_status}'));
  });

  test('runs a command in the workspace', async () => {
    await start(
      'fake-adr',
      ['run', 'my-type', '-w', directory],
      ['FAKE_AGENT_MY_TYPE=sh -c "pwd; sleep 60"'],
    );
    await waitFor(directory);
  });

  test('else runs the fixture of that name', async () => {
    await start('fake-adr', ['run', 'pi', ...common, '--name=asks']);
    await waitFor('1. Yes');
  });

  test('says so when there is none', async () => {
    await start('fake-adr', ['run', 'pi', ...common, '--name', 'nothing']);
    await waitFor(/1 125/, () => ask('#{pane_dead} #{pane_dead_status}'));
    expect(await tmux('capture-pane', '-p', '-S', '-5')).toContain("no fixture for type 'pi'");
  });
});
