import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { cutStart, cutToCells, fitToCells, measureCells } from '../../../src/ui/cell-width.ts';
import { formatAge } from '../../../src/ui/format-age.ts';
import { diffLines, openScreen } from '../../../src/ui/open-screen.ts';
import { cutBottom } from '../../../src/ui/Preview.tsx';
import { planColumns, planLayout, scrollTo } from '../../../src/ui/plan-layout.ts';
import { cutStyled, stripStyles } from '../../../src/ui/style-line.ts';

describe('cells', () => {
  test.each([
    ['abc', 3],
    ['日本語', 6],
    ['ｶﾅ', 2],
    ['한글', 4],
    ['é', 1],
    ['e\u0301', 1],
    ['👩‍👩‍👧', 2],
    ['✅ ok', 5],
    ['❯●○×…', 5],
    ['🇩🇪', 2],
  ])('%s takes %d', (text, cells) => {
    expect(measureCells(text)).toBe(cells);
  });

  test('a wide character is never cut in two', () => {
    expect(cutToCells('日本語', 5)).toBe('日本…');
    expect(cutToCells('日本語', 4)).toBe('日…');
    expect(cutToCells('日本語', 5, '')).toBe('日本');
    expect(cutToCells('日本語', 6)).toBe('日本語');
    expect(fitToCells('日本語', 4)).toBe('日… ');
    expect(cutToCells('abc', 0)).toBe('');
  });

  test('a cut text never takes more than asked for, and fills exactly', () => {
    const text = fc.string({ unit: fc.constantFrom('a', 'é', '日', '👍', 'e\u0301', '…', ' ') });
    fc.assert(
      fc.property(text, fc.integer({ min: 1, max: 30 }), (value, cells) => {
        expect(measureCells(cutToCells(value, cells))).toBeLessThanOrEqual(cells);
        expect(measureCells(fitToCells(value, cells))).toBe(cells);
      }),
    );
  });
});

test.each([
  [-5, '0s'],
  [59_999, '59s'],
  [60_000, '1m'],
  [3_599_000, '59m'],
  [7_200_000, '2h'],
  [200_000_000, '2d'],
])('an age of %d ms is %s', (ms, text) => {
  expect(formatAge(ms)).toBe(text);
});

describe('layout', () => {
  test.each([
    [60, 15, 5],
    [120, 40, 5],
    [120, 40, 51],
    [250, 70, 51],
    [30, 5, 5],
    [10, 1, 5],
  ])('%dx%d with %d lines uses exactly the screen', (columns, rows, length) => {
    const { list, panel, footer } = planLayout({ columns, rows }, length);
    const used = 1 + list + (panel > 0 ? panel + 1 : 0) + (footer ? 1 : 0);
    expect(used).toBe(rows);
    expect(Math.min(list, panel)).toBeGreaterThanOrEqual(0);
  });

  test('the list leaves room for a preview, and takes no more than it needs', () => {
    expect(planLayout({ columns: 60, rows: 15 }, 5)).toMatchObject({ list: 5, panel: 7 });
    expect(planLayout({ columns: 120, rows: 40 }, 51)).toMatchObject({ list: 21, panel: 16 });
    expect(planLayout({ columns: 250, rows: 70 }, 51)).toMatchObject({ list: 51, panel: 16 });
  });

  test('scrolls as little as possible', () => {
    expect(scrollTo(0, 3, 5, 20)).toBe(0);
    expect(scrollTo(0, 5, 5, 20)).toBe(1);
    expect(scrollTo(10, 3, 5, 20)).toBe(3);
    expect(scrollTo(18, 19, 5, 20)).toBe(15);
    expect(scrollTo(5, 2, 5, 3)).toBe(0);
  });

  test('a narrow screen leaves the type out and cuts names', () => {
    const agents = [{ agent: 'a-very-long-agent-name', type: 'opencode' }];
    expect(planColumns(agents, 58)).toEqual({ name: 14, type: 0, usage: 0 });
    expect(planColumns(agents, 118)).toEqual({ name: 22, type: 8, usage: 0 });
    expect(planColumns([], 118)).toEqual({ name: 4, type: 4, usage: 0 });
  });
});

describe('preview', () => {
  test('the bottom, blank lines below it left out', () => {
    expect(cutBottom('a\nb\nc\n\n\n', 2)).toEqual(['b', 'c']);
  });

  test('where not all fits, blank lines in a row count as one', () => {
    expect(cutBottom('a\n\n\n\n\nb\n', 3)).toEqual(['a', '', 'b']);
    expect(cutBottom('a\n\n\nb\n', 4)).toEqual(['a', '', '', 'b']);
  });

  test('nothing of it can steer the terminal', () => {
    const [line = ''] = cutBottom('a\x07\x1b[31mb\x9b2J\u202ec\x1b]0;t\x07d', 5);
    expect([cutStyled(line, 9), stripStyles(line)]).toEqual(['a\x1b[31mbcd\x1b[0m', 'abcd']);
  });
});

describe('the screen', () => {
  test('only changed lines are painted', () => {
    expect(diffLines(['a', 'b', 'c'], ['a', 'x', 'c'])).toBe('\x1b[2;1H\x1b[0mx\x1b[0m\x1b[K');
    expect(diffLines(['a'], ['a'])).toBe('');
  });

  test('the first frame, and one of another height, paints all and clears below', () => {
    expect(diffLines([], ['a'])).toBe('\x1b[0m\x1b[2;1H\x1b[J\x1b[1;1H\x1b[0ma\x1b[0m\x1b[K');
    expect(diffLines(['a', 'b'], ['a'])).toBe('\x1b[0m\x1b[2;1H\x1b[J');
  });

  test('a slow terminal gets the newest frame, and is left clean once', () => {
    const written: string[] = [];
    const drained: (() => void)[] = [];
    const terminal = {
      columns: 10,
      rows: 2,
      writableNeedDrain: false,
      write: (text: string) => {
        written.push(text);
        return true;
      },
      once: (_: 'drain', listener: () => void) => drained.push(listener),
    };
    const screen = openScreen(terminal);
    screen.frames.write('one\n1');
    terminal.writableNeedDrain = true;
    screen.frames.write('two\n2');
    screen.frames.write('three\n1');
    expect(drained).toHaveLength(1);
    terminal.writableNeedDrain = false;
    drained[0]?.();
    screen.close();
    screen.close();
    screen.frames.write('late\n1');
    expect(written.map((text) => text.replaceAll('\x1b', '^'))).toMatchInlineSnapshot(`
      [
        "^[?1049h^[?25l^[?7l^[?2004h^[2J",
        "^[?2026h^[0m^[3;1H^[J^[1;1H^[0mone^[0m^[K^[2;1H^[0m1^[0m^[K^[?2026l",
        "^[?2026h^[1;1H^[0mthree^[0m^[K^[?2026l",
        "^[?2004l^[?7h^[?25h^[?1049l",
      ]
    `);
  });
});

test.each([
  ['~/projects/myapp', 16, '~/projects/myapp'],
  ['~/projects/myapp', 10, '…cts/myapp'],
  ['~/日本語', 6, '…本語'],
  ['~/日本語', 5, '…本語'],
  ['~/日本語', 4, '…語'],
  ['~/日本語', 2, '…'],
  ['~/projects', 1, ''],
  ['~/projects', -3, ''],
])('the end of %s in %d cells is %s', (text, cells, cut) => expect(cutStart(text, cells)).toBe(cut));
