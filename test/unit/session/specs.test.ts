import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { AdrError } from '../../../src/errors.ts';
import { parseAgentSpecs } from '../../../src/session/agent-spec.ts';
import { chooseWindowSize } from '../../../src/session/layout.ts';
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
  });

  test.each([
    [['pi:main', 'codex:main'], 'USAGE', 'two agents are named "main"'],
    [['cluade'], 'AGENT_TYPE_UNKNOWN', 'unknown agent type "cluade"'],
    [['pi:'], 'USAGE', '""'],
    [['pi:a.b'], 'USAGE', '"a.b"'],
    [[], 'USAGE', 'no agent'],
  ])('%j is refused', (specs, code, words) => {
    const failure = catchError(() => parseAgentSpecs(specs, TYPES));
    expect(failure.code).toBe(code);
    expect(failure.message).toContain(words);
    expect(failure.hint).toBeTruthy();
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
    const { width, height } = chooseWindowSize(panes);
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

function catchError(act: () => unknown): AdrError {
  try {
    act();
  } catch (error) {
    if (error instanceof AdrError) return error;
    throw error;
  }
  throw new Error('nothing was thrown');
}
