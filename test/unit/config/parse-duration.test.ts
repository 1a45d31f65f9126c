import { describe, expect, test } from 'vitest';
import { parseTime } from '../../../src/cli/parse-time.ts';
import { parseTimeout } from '../../../src/config/values.ts';

const origin = { layer: 'flag', where: '--timeout', base: '/' } as const;

/** What a reader of times makes of a text: ms, or what it says. */
function read(parse: () => number): number | string {
  try {
    return parse();
  } catch (error) {
    const { message, hint, exitCode } = error as { message: string; hint?: string; exitCode: number };
    return `${exitCode} ${message} (${hint})`;
  }
}

describe('both programs read a time alike', () => {
  test.each([
    '90',
    '5S',
    '10m',
    '2h',
    '1d',
    '5000ms',
    '',
    '5 s',
    '1.5h',
    '0.5',
    '5x',
    'h',
    '-5s',
    '1h30m',
    '9'.repeat(20),
  ])('%j', (text) => {
    const seen = [read(() => parseTime('timeout', text)), read(() => parseTimeout(text, origin))];
    expect(seen[0]).toEqual(seen[1]);
  });

  test('only a run needs at least 5 s; what is no time limit is called a time', () => {
    expect(parseTime('timeout', '500ms')).toBe(500);
    expect(() => parseTime('interval', '1.5')).toThrow(
      '--interval: Decimal time values are not supported (got: 1.5)',
    );
  });
});
