import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { AdrError } from '../../../src/errors.ts';
import { parseAgentSpecs } from '../../../src/session/agent-spec.ts';
import {
  chooseWindowSize,
  type Layout,
  nameWindow,
  type Size,
  splitIntoWindows,
  USUAL_TERMINAL,
} from '../../../src/session/layout.ts';
import { checkName } from '../../../src/session/names.ts';

const TYPES = ['pi', 'opencode', 'claude', 'codex', 'demo'];
const names = (...specs: string[]): string[] =>
  parseAgentSpecs(specs, TYPES).map(({ type, name }) => `${type}=${name}`);

describe('agent specs', () => {
  test('explicit, numbered and wildcard names', () => {
    expect(names('pi:main', 'codex')).toEqual(['pi=main', 'codex=codex-1']);
    expect(names('pi', 'pi', 'pi:*')).toEqual(['pi=pi-1', 'pi=pi-2', 'pi=pi-3']);
    expect(names('pi:main', 'pi')).toEqual(['pi=main', 'pi=pi-1']);
  });

  test('a made name passes over one that was given, wherever it stands', () => {
    expect(names('pi', 'claude:pi-1')).toEqual(['pi=pi-2', 'claude=pi-1']);
  });

  test('names in the session already count as taken', () => {
    expect(parseAgentSpecs(['pi'], TYPES, ['pi-1']).map(({ name }) => name)).toEqual(['pi-2']);
    const failure = catchError(() => parseAgentSpecs(['pi:main'], TYPES, ['main']));
    expect([failure.code, failure.message]).toEqual(['NAME_CONFLICT', 'there is an agent "main" already']);
  });

  test.each([
    [['pi:main', 'codex:main'], 'USAGE', 'two agents are named "main"'],
    [['cluade'], 'AGENT_TYPE_UNKNOWN', 'unknown agent type "cluade"'],
    [['pi:'], 'USAGE', '""'],
    [['pi:a.b'], 'USAGE', '"a.b"'],
    [[], 'USAGE', 'no agent'],
    [['model=x'], 'USAGE', 'does not begin with an agent type'],
    [['pi:main,,'], 'USAGE', 'an empty option'],
    [['pi,prompt="a, b'], 'USAGE', 'is not closed'],
    [['pi,prompt="a" b'], 'USAGE', 'closed before the end'],
  ])('%j is refused', (specs, code, words) => {
    const failure = catchError(() => parseAgentSpecs(specs, TYPES));
    expect(failure.code).toBe(code);
    expect(failure.message).toContain(words);
    expect(failure.hint).toBeTruthy();
  });

  test('options behind the name, with quotes and backslashes', () => {
    const [agent] = parseAgentSpecs(
      [`pi:main,model=a=b,env="A=1,\\"2\\"",prompt='Fix "a", then\\b',arg=x\\,y,read-only,"no-reports",c=`],
      TYPES,
    );
    expect(agent).toEqual({
      type: 'pi',
      name: 'main',
      fields: [
        { key: 'model', value: 'a=b' },
        { key: 'env', value: 'A=1,"2"' },
        { key: 'prompt', value: 'Fix "a", then\\b' },
        { key: 'arg', value: 'x,y' },
        { key: 'read-only', value: undefined },
        { key: 'no-reports', value: undefined },
        { key: 'c', value: '' },
      ],
    });
  });

  test('a mistyped type is told its neighbour', () => {
    expect(catchError(() => parseAgentSpecs(['cluade'], TYPES)).hint).toContain('"claude"');
  });

  test('names are always unique', () => {
    const spec = fc.constantFrom('pi', 'pi:*', 'codex', 'pi:pi-1', 'pi:pi-2', 'codex:x', 'claude:codex-1');
    fc.assert(
      fc.property(
        fc.uniqueArray(spec, {
          selector: (text) => (text.includes(':') && !text.endsWith('*') ? text.split(':')[1] : {}),
        }),
        (specs) => {
          fc.pre(specs.length > 0);
          const made = parseAgentSpecs(specs, TYPES).map(({ name }) => name);
          expect(new Set(made).size).toBe(made.length);
        },
      ),
    );
  });
});

describe('names', () => {
  test.each(['refactor', 'a', '1st', 'A_b-c'])('%j is fine', (name) => {
    expect(checkName('session', name)).toBe(name);
  });
  test.each(['', '-x', '=x', '@x', '$x', 'a.b', 'a:b', 'a b', 'é', 'a\n', 'x'.repeat(64)])(
    '%j is not',
    (name) => {
      expect(catchError(() => checkName('session', name)).exitCode).toBe(2);
    },
  );
});

test.each([1, 2, 3, 4, 5, 9, 20, 50])(
  '%i agents get a window in which each tiled pane is usable',
  (panes) => {
    const { width, height } = chooseWindowSize('tiled', panes);
    let rows = 1;
    let columns = 1;
    while (rows * columns < panes) {
      rows++;
      if (rows * columns < panes) columns++;
    }
    expect(Math.floor((width - (columns - 1)) / columns)).toBeGreaterThanOrEqual(80);
    expect(Math.floor(height / rows) - 1).toBeGreaterThanOrEqual(24);
  },
);

describe('overflow into further windows', () => {
  test.each<[Layout, number, Size, readonly number[]]>([
    ['tiled', 4, { width: 80, height: 23 }, [4]],
    ['tiled', 5, { width: 80, height: 23 }, [3, 2]],
    ['tiled', 16, USUAL_TERMINAL, [16]],
    ['tiled', 17, USUAL_TERMINAL, [9, 8]],
    ['tiled', 3, { width: 20, height: 5 }, [1, 1, 1]],
    ['even-horizontal', 6, USUAL_TERMINAL, [3, 3]],
    ['even-vertical', 5, USUAL_TERMINAL, [3, 2]],
    ['main-vertical', 6, USUAL_TERMINAL, [3, 3]],
    ['main-horizontal', 6, USUAL_TERMINAL, [6]],
    ['windows', 3, USUAL_TERMINAL, [1, 1, 1]],
  ])('%s of %i on %j: %j', (layout, panes, terminal, windows) => {
    expect(splitIntoWindows(layout, panes, terminal)).toEqual(windows);
  });

  test('names of windows', () => {
    expect([0, 1, 2].map((index) => nameWindow('tiled', index, 'main'))).toEqual([
      'agents',
      'agents-2',
      'agents-3',
    ]);
    expect(nameWindow('windows', 0, 'main')).toBe('main');
  });
});

function catchError(act: () => unknown): AdrError {
  try {
    act();
  } catch (error) {
    if (error instanceof AdrError) return error;
    throw error;
  }
  throw new Error('nothing was thrown');
}
