import { appendFileSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { execa } from 'execa';
import { ROOT } from '../test/support/program.ts';
import type { TestServer } from '../test/support/tmux-server.ts';

const CLOCK_TICKS = 100;

interface Recording {
  readonly agent: string;
  readonly frames: readonly { readonly screen: string }[];
}

/** One recorded screen after the other, each cleared before the next. */
const LIVELY = `while :; do for f in "$1"/screen-*; do printf '\\033[2J\\033[H'; cat "$f"; sleep 1; done; done`;

/** The last screens of recordings of the four real agents. */
function readScreens(): readonly { readonly type: string; readonly screen: string }[] {
  const directory = join(ROOT, 'fixtures/screens');
  return readdirSync(directory, { recursive: true })
    .map(String)
    .filter((name) => name.endsWith('.json'))
    .map((name) => JSON.parse(readFileSync(join(directory, name), 'utf8')) as Recording)
    .map(({ agent, frames }) => ({ type: agent, screen: frames.at(-1)?.screen ?? '' }));
}

/** CPU time of a process and of the children it has waited for (ms), and its memory (MB). */
export function readUsage(pid: number): {
  readonly own: number;
  readonly children: number;
  readonly rss: number;
} {
  const text = readFileSync(`/proc/${pid}/stat`, 'utf8');
  const fields = text
    .slice(text.lastIndexOf(')') + 2)
    .split(' ')
    .map(Number);
  const ms = (from: number): number => (((fields[from] ?? 0) + (fields[from + 1] ?? 0)) * 1000) / CLOCK_TICKS;
  const rss = Number(/VmRSS:\s+(\d+)/.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1]) / 1024;
  return { own: ms(11), children: ms(13), rss };
}

/**
 * Panes that show recorded screens, made to look like sessions of ours, ten panes each. Gives their report files.
 * `lively`: each shows one recorded screen after the other, one a second.
 */
export async function fillServer(
  server: TestServer,
  home: string,
  count: number,
  lively = false,
): Promise<readonly string[]> {
  const files: string[] = [];
  const screens = readScreens();
  for (let index = 0; index < count; index++) {
    const { type, screen } = screens[index % screens.length] ?? { type: 'pi', screen: '' };
    const run = index.toString(16).padStart(12, '0');
    const number = Math.floor(index / 10);
    const directory = join(home, '.local/state/adr/runs', run);
    mkdirSync(directory, { recursive: true, mode: 0o700 });
    const picture = join(home, `screen-${index}`);
    writeFileSync(picture, screen.trimEnd());
    const file = join(directory, 'reports');
    files.push(file);
    appendFileSync(file, `${Date.now()} ${type} {}\n`.repeat(200));
    const show = lively ? LIVELY : 'cat "$1"; exec sleep 100000';
    const command = ['sh', '-c', show, '-', lively ? home : picture];
    const name = `adr-bench-${number}`;
    if (index % 10 === 0) {
      await server.run('new-session', '-d', '-x', '160', '-y', '50', '-s', name, '--', ...command);
      const options = {
        session_id: `${number}`.padStart(12, '0'),
        session: `bench-${number}`,
        workspace: '"/"',
      };
      for (const [key, value] of Object.entries({ ...options, engine: 'host', created_at: `${Date.now()}` }))
        await server.run('set-option', '-t', `=${name}:`, `@adr_${key}`, value);
    } else await server.run('new-window', '-d', '-t', `=${name}:`, '--', ...command);
    const pane =
      (await server.run('list-panes', '-s', '-t', `=${name}`, '-F', '#{pane_id}')).split('\n').at(-1) ?? '';
    for (const [key, value] of Object.entries({ agent: `${type}-${index}`, type, index: `${index}`, run }))
      await server.run('set-option', '-p', '-t', pane, `@adr_${key}`, value);
  }
  return files;
}

/** The monitor as a process of its own. */
export function startMonitor(
  server: TestServer,
  home: string,
  env: Readonly<Record<string, string | undefined>> = {},
) {
  return execa(process.execPath, [join(ROOT, 'bin/adr-tmux.js'), 'monitor', '--socket', server.socket], {
    env: { HOME: home, XDG_STATE_HOME: '', TMUX: '', ...env },
    stdio: 'ignore',
    reject: false,
  });
}
