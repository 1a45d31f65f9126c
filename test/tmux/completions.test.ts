import { chmodSync, mkdirSync, readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { execa } from 'execa';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { ensureBuilt, makeScratch, ROOT, runProgram } from '../support/program.ts';
import { openTestServer, waitFor } from '../support/tmux-server.ts';

const scratch = makeScratch('completions');
const server = openTestServer();
let env: Readonly<Record<string, string>>;

/** The shells' own machinery, each as a user has it after `completions install`. */
beforeAll(async () => {
  await ensureBuilt();
  const bin = join(scratch.path, 'bin');
  mkdirSync(bin);
  for (const program of ['adr', 'adr-tmux']) {
    const path = join(bin, program);
    writeFileSync(path, `#!/bin/sh\nexec '${process.execPath}' '${ROOT}/bin/${program}.js' "$@"\n`);
    chmodSync(path, 0o755);
  }
  env = {
    HOME: scratch.path,
    PATH: `${bin}:${process.env.PATH}`,
    ADR_TMUX_SOCKET: server.socket,
    TERM: 'xterm-256color',
    LANG: 'C.UTF-8',
  };
  mkdirSync(join(scratch.path, 'work', 'folder'), { recursive: true });
  for (const shell of ['bash', 'zsh', 'fish']) {
    const { code, stderr } = await runProgram('adr', ['completions', 'install', shell], { env });
    expect([code, stderr]).toEqual([0, '']);
  }
  await server.start();
  await runProgram('adr-tmux', ['start', 'refactor', '--agent', 'demo:main', '--agent', 'demo:second'], {
    env,
    cwd: join(scratch.path, 'work'),
  });
}, 60_000);

afterAll(async () => {
  await runProgram('adr-tmux', ['stop', 'refactor'], { env });
  await server.kill();
  scratch.remove();
});

const LINES: readonly (readonly [string, readonly string[]])[] = [
  ['adr bu', ['build']],
  ['adr run --engine ', ['docker', 'host', 'podman']],
  ['adr run --engine=p', ['--engine=podman']],
  ['adr run --appr', ['--approvals']],
  ['adr build c', ['claude', 'codex']],
  ['adr-tmux send ', ['refactor']],
  ['adr-tmux send refactor --agent ', ['main', 'second']],
  ['adr-tmux send refactor --agent=s', ['--agent=second']],
  ['adr-tmux start new --agent d', ['demo']],
];

function list(stdout: string): readonly string[] {
  return stdout
    .split('\n')
    .map((line) => line.split('\t')[0] ?? '')
    .filter((line) => line !== '')
    .sort();
}

describe('bash', () => {
  /** Words as bash breaks them, `=` and `:` being words of their own. */
  function breakWords(line: string): readonly string[] {
    return line
      .split(' ')
      .flatMap((word) => word.split(/([=:])/).filter((part, index) => part !== '' || index === 0));
  }

  test.each(LINES)('%s', async (line, expected) => {
    const words = breakWords(line);
    const script = [
      'for f in ~/.bash_completion.d/*; do . "$f"; done',
      `COMP_WORDS=(${words.map((word) => `'${word}'`).join(' ')})`,
      `COMP_CWORD=${words.length - 1} COMP_LINE='${line}' COMP_POINT=${line.length}`,
      `_${words[0]?.replace('-', '_')}_complete ${words[0]}`,
      `printf '%s\\n' "\${COMPREPLY[@]}"`,
    ].join('\n');
    const { stdout } = await execa('bash', ['--norc', '-c', script], { env, extendEnv: false });
    // What bash already has of the word, up to the last break, is not said again.
    expect(list(stdout)).toEqual(expected.map((word) => word.replace(/^.*[=:]/, '')));
  });
});

describe('fish', () => {
  test.each(LINES)('%s', async (line, expected) => {
    const { stdout } = await execa('fish', ['-c', `complete -C '${line}'`], { env, extendEnv: false });
    expect(list(stdout)).toEqual([...expected].sort());
  });
});

describe('on a terminal', () => {
  /** Types into a new shell, presses Tab, and reads the line it became. */
  async function press(start: string, ready: string, line: string): Promise<string> {
    const pane = await server.run(
      ...['new-window', '-d', '-P', '-F', '#{pane_id}', '-c', join(scratch.path, 'work')],
      ...Object.entries(env).flatMap(([name, value]) => ['-e', `${name}=${value}`]),
      // tmux gives a new pane the PATH of its client.
      `exec env PATH='${env.PATH}' ${start}`,
    );
    const look = async () => (await server.run('capture-pane', '-p', '-t', pane)).trimEnd();
    await waitFor('the prompt', async () => (await look()).endsWith(ready));
    await server.run('send-keys', '-t', pane, '-l', line);
    await waitFor('the echo', async () => (await look()).includes(line));
    await server.run('send-keys', '-t', pane, 'Tab');
    try {
      return await waitFor('the completion', async () => {
        const last = (await look()).split('\n').find((text) => text.includes(line.slice(0, -1)));
        const text = last?.slice(last.indexOf(ready) + ready.length).trim();
        return text !== undefined && text !== line.trim() ? text : undefined;
      });
    } finally {
      await server.run('kill-pane', '-t', pane);
    }
  }

  const ONE: readonly (readonly [string, string])[] = [
    ['adr bui', 'adr build'],
    ['adr run --engine=po', 'adr run --engine=podman'],
    ['adr-tmux status re', 'adr-tmux status refactor'],
    ['adr-tmux send refactor --agent se', 'adr-tmux send refactor --agent second'],
    ['adr run -w fol', 'adr run -w folder/'],
  ];

  test.each(ONE)('bash: %s', async (line, expected) => {
    writeFileSync(
      join(scratch.path, 'bashrc'),
      'PS1="here> "\nfor f in ~/.bash_completion.d/*; do . "$f"; done\n',
    );
    expect(await press(`bash --rcfile ${scratch.path}/bashrc`, 'here>', line)).toBe(expected);
  });

  test.each(ONE)('zsh: %s', async (line, expected) => {
    const rc = 'PS1="here> "\nfpath=(~/.zsh/completions $fpath); autoload -Uz compinit && compinit -u\n';
    writeFileSync(join(scratch.path, '.zshrc'), rc);
    expect(await press('zsh', 'here>', line)).toBe(expected);
  });
});

test('only files of its own are written', () => {
  expect(readdirSync(join(scratch.path, '.bash_completion.d'))).toEqual(['adr', 'adr-tmux']);
  expect(readdirSync(join(scratch.path, '.zsh/completions'))).toEqual(['_adr', '_adr-tmux']);
  expect(readdirSync(join(scratch.path, '.config/fish/completions'))).toEqual(['adr-tmux.fish', 'adr.fish']);
});
