// Pictures of the real screen for README and docs: npm run pictures
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { execa } from 'execa';
import { ensureBuilt, makeScratch, ROOT, runProgram } from '../test/support/program.ts';
import { openTestServer, waitFor } from '../test/support/tmux-server.ts';
import { renderSvg } from './render-svg.ts';

const DIRECTORY = join(ROOT, 'docs/pictures');
/** From then on no span is shown in seconds: the pictures differ little from one day to the next. */
const MINUTE_MS = 62_000;

const scratch = makeScratch('pictures');
const server = openTestServer();
const terminal = openTestServer();
const env = {
  ...{ HOME: scratch.path, XDG_STATE_HOME: '', XDG_CONFIG_HOME: '', TMUX: '', NO_COLOR: '' },
  ...{ ADR_TMUX_SOCKET: server.socket, ADR_DEMO_WORD_MS: '0', ADR_DEMO_THINK_MS: '500' },
};

async function adr(cwd: string, ...args: readonly string[]): Promise<void> {
  const { code, stderr } = await runProgram('adr-tmux', args, { env, cwd });
  if (code !== 0) throw new Error(`adr-tmux ${args.join(' ')}: ${stderr}`);
}

/** A repository as a user would have it. */
async function makeProject(name: string, branch: string): Promise<string> {
  const directory = join(scratch.path, 'projects', name);
  mkdirSync(directory, { recursive: true });
  await execa('git', ['init', '-q', '-b', branch, directory]);
  return directory;
}

/** Stands before words that are typed as they are. */
const TEXT = 'text:';

interface Shot {
  readonly name: string;
  readonly title: string;
  readonly size: string;
  readonly argv: readonly string[];
  /** Keys, each list once what is in front of it is seen. */
  readonly steps: readonly (readonly [RegExp, ...string[]])[];
  /** It is all there. */
  readonly shows: RegExp;
}

/** Opens a program in a terminal of its own, types, and writes what the screen shows. */
async function takePicture({ name, title, size, argv, steps, shows }: Shot): Promise<void> {
  const [columns = 0, rows = 0] = size.split('x').map(Number);
  const variables = Object.entries(env).flatMap(([key, value]) => ['-e', `${key}=${value}`]);
  await terminal.run(
    ...['new-session', '-d', '-s', name, '-x', `${columns}`, '-y', `${rows}`, ...variables, '--', ...argv],
  );
  const see = (text: RegExp) =>
    waitFor(`${name}: ${text}`, async () => text.test(await terminal.run('capture-pane', '-p', '-t', name)));
  for (const [before, ...keys] of steps) {
    await see(before);
    for (const key of keys) {
      const words = key.startsWith(TEXT) ? ['-l', '--', key.slice(TEXT.length)] : [key];
      await terminal.run('send-keys', '-t', name, ...words);
    }
  }
  await see(shows);
  // The preview gets its colours a moment later.
  await delay(1500);
  const screen = await terminal.run('capture-pane', '-e', '-p', '-N', '-t', name);
  await terminal.run('kill-session', '-t', `=${name}`);
  writeFileSync(join(DIRECTORY, `${name}.svg`), renderSvg({ screen, columns, rows, title }));
  console.log(`docs/pictures/${name}.svg`);
}

async function startAgents(): Promise<void> {
  const app = await makeProject('myapp', 'feature/auth');
  const site = await makeProject('website', 'main');
  const agents = (...names: readonly string[]) => names.flatMap((name) => ['--agent', `demo:${name}`]);
  await adr(app, 'start', 'refactor', '--engine', 'host', ...agents('main', 'codex', 'review', 'docs'));
  await adr(site, 'start', 'website', '--engine', 'host', ...agents('pages', 'lint'));
  const send = (session: string, agent: string, text: string) =>
    adr(app, 'send', session, '--agent', agent, text);
  await send('refactor', 'main', 'Refactor the auth module to use dependency injection');
  await send('refactor', 'codex', '/tool 3600');
  await send('refactor', 'review', '/ask npm test -- auth');
  await send('refactor', 'docs', 'ドキュメントを更新してください');
  await send('website', 'lint', '/exit 3');
  await adr(app, 'wait', 'refactor', '--agent', 'main', '--agent', 'docs', '--until', 'idle');
  await adr(app, 'wait', 'website', '--agent', 'lint', '--until', 'exited');
}

const watch = (...words: readonly string[]) => [
  ...[process.execPath, join(ROOT, 'bin/adr-tmux.js'), 'watch', ...words],
];
const ready = /q leave\s*$/;
const asked = /❯ \? review[\s\S]*esc no/;

try {
  await ensureBuilt();
  mkdirSync(DIRECTORY, { recursive: true });
  await server.start("set -g status-right ''", 'set -g default-terminal tmux-256color');
  await terminal.start('set -g default-terminal tmux-256color');
  await startAgents();
  await delay(MINUTE_MS);
  await takePicture({
    ...{
      name: 'watch',
      title: 'adr-tmux watch: six agents of two sessions, one of them asks',
      size: '100x30',
    },
    ...{ argv: watch(), steps: [[ready]], shows: asked },
  });
  await takePicture({
    ...{ name: 'answer', title: 'Answering a question in adr-tmux watch', size: '100x26' },
    ...{ argv: watch('refactor'), steps: [[asked, 'a']], shows: /❯ 1 {2}Yes/ },
  });
  await takePicture({
    ...{ name: 'prompt', title: 'Writing a prompt in adr-tmux watch', size: '100x26' },
    argv: watch('refactor'),
    steps: [
      [asked, 'k', 'k', 's'],
      [
        /prompt to main/,
        'text:Now the tests:',
        'C-j',
        'C-j',
        'text:- one for each provider',
        'C-j',
        'text:- 日本語',
      ],
    ],
    shows: /- 日本語/,
  });
  await takePicture({
    ...{ name: 'events', title: 'Events of an agent in adr-tmux watch', size: '100x22' },
    ...{ argv: watch('refactor'), steps: [[asked, 'k', 'k', 'e']], shows: /── events · . main/ },
  });
  await takePicture({
    ...{ name: 'narrow', title: 'adr-tmux watch in 60 columns and 15 lines', size: '60x15' },
    ...{ argv: watch('refactor'), steps: [[ready]], shows: asked },
  });
  await takePicture({
    ...{ name: 'session', title: 'A session in tmux: four agents, each in its titled pane', size: '110x34' },
    argv: ['tmux', '-u', '-L', server.socket, 'attach-session', '-t', '=adr-refactor'],
    ...{ steps: [], shows: /review WAITING[\s\S]*docs IDLE|docs IDLE[\s\S]*review WAITING/ },
  });
} finally {
  await server.kill();
  await terminal.kill();
  scratch.remove();
}
