import { execFile, spawn } from 'node:child_process';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { setTimeout as sleep } from 'node:timers/promises';
import { promisify } from 'node:util';
import { build } from 'esbuild';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';

const run = promisify(execFile);
const enter = ['Enter'] as const;
let bundle = '';
let program = '';
let directory = '';
let server: readonly string[] = [];
let servers = 0;

beforeAll(async () => {
  bundle = await mkdtemp(join(tmpdir(), 'adr-demo-'));
  program = join(bundle, 'demo-agent.js');
  await writeFile(join(bundle, 'package.json'), '{"type":"module"}');
  await build({
    entryPoints: [join(import.meta.dirname, '../../src/demo-agent/main.ts')],
    bundle: true,
    platform: 'node',
    format: 'esm',
    target: 'node20',
    outfile: program,
  });
});
afterAll(() => rm(bundle, { recursive: true, force: true }));

beforeEach(async () => {
  directory = await mkdtemp(join(tmpdir(), 'adr-demo-'));
  servers += 1;
  server = ['-u', '-L', `adr-test-${process.pid}-${servers}`, '-f', '/dev/null'];
});

afterEach(async () => {
  const socket = await tmux('display-message', '-p', '#{socket_path}').catch(() => '');
  await tmux('kill-server').catch(() => '');
  if (socket !== '') await rm(socket, { force: true });
  await rm(directory, { recursive: true, force: true, maxRetries: 9 });
});

async function tmux(...args: readonly string[]): Promise<string> {
  const { TMUX: _, ...env } = process.env;
  return (await run('tmux', [...server, ...args], { env })).stdout.trimEnd();
}

interface Start {
  readonly width?: number;
  readonly height?: number;
  readonly env?: Readonly<Record<string, string>>;
  readonly command?: readonly string[];
}

async function start({ width = 100, height = 30, env = {}, command }: Start = {}): Promise<void> {
  const settings = { ADR_REPORTS: directory, ADR_DEMO_THINK_MS: '300', ADR_DEMO_WORD_MS: '20', ...env };
  const variables = Object.entries(settings).flatMap(([name, value]) => ['-e', `${name}=${value}`]);
  const size = ['-x', String(width), '-y', String(height)];
  const argv = command ?? [process.execPath, program];
  await tmux(
    'new-session',
    '-d',
    ...size,
    ...variables,
    '--',
    ...argv,
    ';',
    'set',
    '-w',
    'remain-on-exit',
    'on',
  );
}

const capture = (): Promise<string> => tmux('capture-pane', '-p');

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

async function submit(prompt: string): Promise<void> {
  await waitFor('Ask demo anything');
  await paste(prompt);
  await waitFor(prompt.slice(0, 20).split('\n')[0] ?? '');
  await tmux('send-keys', ...enter);
}

async function readReports(): Promise<
  readonly { readonly event: string; readonly [key: string]: unknown }[]
> {
  const lines = await readFile(join(directory, 'reports'), 'utf8').catch(() => '');
  return (
    lines
      .split('\n')
      // A long one may be there in part only.
      .flatMap((line) => /^\d{13} demo (\{.*\})$/.exec(line)?.[1] ?? [])
      .map((body) => JSON.parse(body))
  );
}

const listEvents = async (): Promise<string> => (await readReports()).map((report) => report.event).join(' ');

describe('demo agent in tmux', () => {
  test('takes a multi-line paste whole, answers it, and reports both', async () => {
    const prompt = 'first line\n\n  second 日本語 👩‍👩‍👧 é\n"third"; $HOME `x` ';
    await start();
    await waitFor('Ask demo anything');
    expect(await tmux('display-message', '-p', '#{alternate_on} #{pane_title}')).toBe('1 ◇ demo');
    await paste(prompt);
    await waitFor('"third"; $HOME');
    expect(await listEvents()).toBe('ready');
    await tmux('send-keys', ...enter);
    await waitFor('esc to interrupt');
    await waitFor('◆ You said: first line');
    await waitFor('ready prompt busy turn-end', listEvents);
    const reports = await readReports();
    expect(reports[1]).toMatchObject({ event: 'prompt', text: prompt });
    expect(reports[3]).toMatchObject({ event: 'turn-end', message: `You said: ${prompt}` });
    expect(new Set(reports.map((report) => report.conversation)).size).toBe(1);
    expect(await capture()).toMatch(/\n─{100}\n▸ Ask demo anything, or try \/help\n─{100}\n/);
  });

  test('takes 300 KB whole', async () => {
    const prompt = Array.from({ length: 3000 }, (_, line) => `${line} ${'äöü日本'.repeat(15)}`).join('\n');
    await start();
    await waitFor('Ask demo anything');
    await paste(prompt);
    await waitFor('[Pasted text #1 +2999 lines]');
    await tmux('send-keys', ...enter);
    await waitFor('turn-end', listEvents);
    const reports = await readReports();
    expect(reports[1]?.text === prompt).toBe(true);
  });

  test('asks, and says what was chosen', async () => {
    await start();
    await submit('/ask npm test');
    await waitFor('? Allow this command: npm test');
    expect(await tmux('display-message', '-p', '#{pane_title}')).toBe('◆ demo: needs an answer');
    await tmux('send-keys', 'Down');
    await waitFor('▸ 2. No');
    await tmux('send-keys', ...enter);
    await waitFor('You chose No');
    await waitFor('ready prompt busy ask answered turn-end', listEvents);
    await submit('/ask npm run build');
    await waitFor('? Allow this command: npm run build');
    await tmux('send-keys', '1');
    await waitFor('You chose Yes');
  });

  test('Escape interrupts, and the queue goes on', async () => {
    await start();
    await submit('/hang');
    await waitFor('esc to interrupt');
    await submit('the next one');
    await waitFor('queued: the next one');
    await tmux('send-keys', 'Escape');
    await waitFor('◆ You said: the next one');
    await waitFor('ready prompt busy prompt turn-end busy turn-end', listEvents);
  });

  test.each([
    [100, 30],
    [40, 12],
  ])('survives a resize to %ix%i', async (width, height) => {
    await start({ width: 60, height: 20 });
    await submit('a prompt that is long enough to be wrapped in the smaller one of the sizes');
    await waitFor('◆ You said');
    await tmux('resize-window', '-x', String(width), '-y', String(height));
    await waitFor(new RegExp(`\n─{${width}}\n▸ Ask demo anything, or try /help\n─{${width}}\n`));
    expect((await capture()).split('\n')).toHaveLength(height);
  });

  test('loses what is typed before it is ready', async () => {
    await start({ env: { ADR_DEMO_START_MS: '800' } });
    await waitFor('starting…');
    await tmux('send-keys', '-l', 'lost');
    await waitFor('Ask demo anything');
    expect(await listEvents()).toBe('ready');
  });

  test('ends with the code it is told', async () => {
    await start();
    await submit('/exit 7');
    const status = (): Promise<string> =>
      tmux(
        'run-shell',
        '-b',
        'true',
        ';',
        'run-shell',
        '-d',
        '0.05',
        ';',
        'display-message',
        '-p',
        '#{pane_dead} #{pane_dead_status}',
      );
    await waitFor('1 7', status);
    expect((await readReports()).at(-1)).toMatchObject({ event: 'end', code: 7 });
  });

  test('works without a place for reports', async () => {
    await start({ env: { ADR_REPORTS: join(directory, 'missing') } });
    await submit('hello');
    await waitFor('◆ You said: hello');
  });
});

describe('demo agent gives the terminal back', () => {
  const settings = ['ADR_DEMO_THINK_MS=0'];

  async function startInShell(): Promise<number> {
    const script = `echo before; stty -g > before; "$0" "$1"; echo "code $?"; stty -g > after; exec cat -v`;
    const command = [
      'env',
      ...settings,
      'sh',
      '-c',
      `cd "$2"; ${script}`,
      process.execPath,
      program,
      directory,
    ];
    await start({ command });
    await waitFor('Ask demo anything');
    const shell = await tmux('display-message', '-p', '#{pane_pid}');
    return Number((await run('pgrep', ['-P', shell])).stdout);
  }

  test.each<[way: string, code: number, leave: (pid: number) => unknown]>([
    ['/quit', 0, () => submit('/quit')],
    ['Ctrl+C twice', 0, () => tmux('send-keys', 'C-c', 'C-c')],
    ['Ctrl+D', 0, () => tmux('send-keys', 'C-d')],
    ['SIGTERM', 143, (pid) => process.kill(pid, 'SIGTERM')],
    ['SIGHUP', 129, (pid) => process.kill(pid, 'SIGHUP')],
    ['SIGINT', 130, (pid) => process.kill(pid, 'SIGINT')],
  ])('after %s', async (_, code, leave) => {
    await leave(await startInShell());
    await waitFor(`before\ncode ${code}`);
    await waitFor(/./, () => readFile(join(directory, 'after'), 'utf8').catch(() => ''));
    expect(await readFile(join(directory, 'after'), 'utf8')).toBe(
      await readFile(join(directory, 'before'), 'utf8'),
    );
    await paste('no marks');
    expect(await waitFor('no marks')).not.toContain('200~');
    const state = await tmux('display-message', '-p', '#{alternate_on} #{cursor_flag} #{pane_title}');
    expect(state).toMatch(/^0 1 /);
    expect(state).not.toContain('demo');
    expect((await readReports()).at(-1)).toMatchObject({ event: 'end', code });
  });

  test('ends when its pane is killed', async () => {
    await startInShell();
    await tmux('set', '-s', 'exit-empty', 'off', ';', 'kill-pane');
    await waitFor(/end$/, listEvents);
  });
});

describe('demo agent without a terminal', () => {
  async function print(args: readonly string[], input?: string) {
    const env = { ...process.env, ADR_DEMO_THINK_MS: '10', ADR_DEMO_WORD_MS: '1', ADR_REPORTS: directory };
    const child = spawn(process.execPath, [program, ...args], { env });
    child.stdin.end(input);
    const code = new Promise((resolve) => child.on('close', resolve));
    return { out: await text(child.stdout), err: await text(child.stderr), code: await code };
  }

  test('answers the prompt of --print, or the one on stdin', async () => {
    const answer = { out: 'You said: hello\n', err: '', code: 0 };
    expect(await print(['--print', 'hello'])).toEqual(answer);
    expect(await print([], 'hello\n')).toEqual(answer);
    expect(await listEvents()).toBe('ready prompt busy turn-end end ready prompt busy turn-end end');
  });

  test('fails as it is told', async () => {
    expect(await print(['--print', '/error 401'])).toEqual({ out: '', err: 'Error: 401\n', code: 1 });
    expect(await print(['--print', '/exit 3'])).toEqual({ out: '', err: '', code: 3 });
    expect(await print([], '')).toMatchObject({ out: '', code: 2 });
    expect(await print(['--nonsense'])).toMatchObject({ out: '', code: 2 });
  });

  test('refuses what it would have to ask, unless it need not ask', async () => {
    expect((await print(['--print', '/ask npm test'])).out).toContain('You chose No');
    expect((await print(['--approvals', 'never', '--print', '/ask npm test'])).out).toContain(
      'You chose Yes',
    );
  });

  test('--json tells every event', async () => {
    const { out } = await print(['--print', '--json', '--resume', 'c1'], 'hello');
    const events = out
      .trimEnd()
      .split('\n')
      .map((line) => JSON.parse(line));
    expect(events.map((event) => event.event)).toEqual(['ready', 'prompt', 'busy', 'turn-end', 'end']);
    expect(events[3]).toMatchObject({ message: 'You said: hello', conversation: 'c1' });
  });
});
