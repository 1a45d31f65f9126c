import { describe, expect, test } from 'vitest';
import { AdrError } from '../../../src/errors.ts';
import { classifyFailure } from '../../../src/tmux/errors.ts';
import { formatFields, parseRows } from '../../../src/tmux/fields.ts';
import { parseVersion, requireVersion } from '../../../src/tmux/version.ts';

const FIELDS = { pane: 'pane_id', title: 'pane_title' } as const;

test('fields are joined with tabs and decoded again, tabs in the last one kept', () => {
  expect(formatFields(FIELDS)).toBe('#{pane_id}\t#{pane_title}');
  expect(parseRows(FIELDS, '%1\ta\tb\n%2\t\n')).toEqual([
    { pane: '%1', title: 'a\tb' },
    { pane: '%2', title: '' },
  ]);
});

test('a line with too few fields is an error that shows it', () => {
  expect(() => parseRows(FIELDS, '%1_title\n')).toThrow('"%1_title"');
});

describe('version', () => {
  test.each([
    ['tmux 3.3a\n', { major: 3, minor: 3 }],
    ['tmux next-3.4', { major: 3, minor: 4 }],
    ['tmux openbsd-7.2', undefined],
    ['tmux master', undefined],
  ])('%j', (text, number) => {
    expect(parseVersion(text).number).toEqual(number);
  });

  test('3.2 is the floor', () => {
    expect(() => requireVersion(parseVersion('tmux 3.1c'))).toThrow(AdrError);
    expect(() => requireVersion(parseVersion('tmux 2.9'))).toThrow(/"2.9" is too old/);
    for (const good of ['tmux 3.2', 'tmux 3.3a', 'tmux 4.0', 'tmux master'])
      requireVersion(parseVersion(good));
  });
});

test.each([
  ['no server running on /tmp/tmux-0/x', 'no-server'],
  ['no current target', 'no-server'],
  ['error connecting to /tmp/tmux-0/x (No such file or directory)', 'no-server'],
  ["can't find pane: %9", 'not-found'],
  ['duplicate session: adr-x', 'duplicate'],
  ['no space for new pane', 'no-space'],
  ['unknown command: bogus', 'other'],
])('%s is %s', (stderr, failure) => {
  expect(classifyFailure(stderr)).toBe(failure);
});
