import { readdirSync, readFileSync, statSync } from 'node:fs';
import { dirname, join, relative, resolve } from 'node:path';
import { describe, expect, test } from 'vitest';

const SRC = resolve(import.meta.dirname, '../../src');

/** Which rooms a room may import. Types may also come from the rooms behind `type:`. */
const MAY_IMPORT: Readonly<Record<string, readonly string[]>> = {
  errors: [],
  suggest: [],
  system: [],
  agents: [],
  tmux: ['system'],
  config: ['system', 'agents'],
  container: ['system', 'agents', 'config'],
  session: ['tmux', 'system'],
  trees: ['system'],
  activity: ['agents', 'tmux', 'session', 'system'],
  prompt: ['tmux', 'activity', 'agents', 'system'],
  commands: ['session', 'trees', 'prompt', 'activity', 'agents', 'container', 'tmux', 'config', 'system'],
  output: ['system', 'prompt', 'type:trees', 'type:commands', 'type:activity'],
  ui: ['output', 'type:commands', 'type:activity', 'type:system'],
  'demo-agent': ['type:agents'],
  cli: [
    'commands',
    'output',
    'ui',
    'config',
    'container',
    'session',
    'trees',
    'agents',
    'prompt',
    'activity',
    'tmux',
    'system',
  ],
};

interface Import {
  readonly from: string;
  readonly to: string;
  readonly typeOnly: boolean;
}

function listFiles(directory: string): readonly string[] {
  return readdirSync(directory).flatMap((name) => {
    const path = join(directory, name);
    if (statSync(path).isDirectory()) return listFiles(path);
    return /\.tsx?$/.test(name) ? [path] : [];
  });
}

const files = listFiles(SRC);

function findRoom(path: string): string {
  const [first = ''] = relative(SRC, path).split('/');
  return first.replace(/\.tsx?$/, '');
}

function readImports(path: string): readonly Import[] {
  // Reporters are programs for the agents, kept as text.
  const text = readFileSync(path, 'utf8').replace(/`(?:[^`\\]|\\.)*`/gs, '``');
  const pattern =
    /(?:^|\n)\s*(?:import|export)\s+(type\s+)?(?:[^'";]*?\sfrom\s+)?['"]([^'"]+)['"]|import\(\s*['"]([^'"]+)['"]\s*\)/g;
  return [...text.matchAll(pattern)].map((match) => {
    const names = /\{([^}]*)\}/.exec(match[0])?.[1];
    const allTypes = names?.split(',').every((name) => /^\s*(type\s|$)/.test(name)) ?? false;
    return { from: path, to: match[2] ?? match[3] ?? '', typeOnly: match[1] !== undefined || allTypes };
  });
}

const imports = files.flatMap(readImports);

describe('rooms', () => {
  test('every room imports only what the table allows', () => {
    const wrong = imports
      .filter(({ to }) => to.startsWith('.'))
      .map((entry) => ({
        ...entry,
        room: findRoom(entry.from),
        target: findRoom(resolve(dirname(entry.from), entry.to)),
      }))
      .filter(
        ({ room, target }) =>
          room !== target && !['errors', 'suggest'].includes(target) && !target.startsWith('..'),
      )
      .filter(({ room, target, typeOnly }) => {
        const allowed = MAY_IMPORT[room] ?? [];
        return !allowed.includes(target) && !(typeOnly && allowed.includes(`type:${target}`));
      })
      .map(({ from, to }) => `${relative(SRC, from)} imports ${to}`);
    expect(wrong).toEqual([]);
  });

  test('every room stands in the table', () => {
    expect([...new Set(files.map(findRoom))].filter((room) => !(room in MAY_IMPORT))).toEqual([]);
  });

  test('only system (and the demo agent, a program of its own) touches files and processes', () => {
    const guarded = /^(execa|(node:)?(child_process|fs|fs\/promises))$/;
    const wrong = imports
      .filter(({ to, typeOnly }) => guarded.test(to) && !typeOnly)
      .filter(({ from }) => !['system', 'demo-agent'].includes(findRoom(from)))
      .map(({ from, to }) => `${relative(SRC, from)} imports ${to}`);
    expect(wrong).toEqual([]);
  });

  test('the command tables load nothing but themselves: handlers are imported when they run', () => {
    const tables = files.filter((path) =>
      /cli\/(adr|adr-tmux|main|program|command|split-argv|(adr|tmux)\/commands)\.ts$/.test(path),
    );
    expect(tables.length).toBeGreaterThanOrEqual(7);
    const wrong = tables.flatMap((path) =>
      readFileSync(path, 'utf8')
        .split('\n')
        .filter((line) => /^(import|export) (?!type).* from '\.\./.test(line))
        .filter(
          (line) =>
            !/errors\.ts|package\.json|suggest|\/(main|command|program|commands|doctor-command)\.ts/.test(
              line,
            ),
        )
        .map((line) => `${relative(SRC, path)}: ${line}`),
    );
    expect(wrong).toEqual([]);
  });

  test('nobody ends the process from within', () => {
    const wrong = files.filter((path) => /process\.exit\(/.test(readFileSync(path, 'utf8')));
    expect(wrong.map((path) => relative(SRC, path))).toEqual([]);
  });
});
