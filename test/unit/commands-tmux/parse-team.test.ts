import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { findTomlLine } from '../../../src/commands/tmux/find-toml-line.ts';
import { parseTeam } from '../../../src/commands/tmux/parse-team.ts';
import { AdrError } from '../../../src/errors.ts';
import { formatSpec, splitFields } from '../../../src/session/spec-fields.ts';

const FULL = `
name = "refactor"
workspace = "~/x"
layout = "main-vertical"
memory = "2g"
reports = false
env = ["A=1"]

[[agents]]
type = "pi"
name = "main"
model = "opus"
prompt = """
[[agents]]
type = "no table"
"""
read-only = true
args = ["--one", "two words"]

[[agents]]
type = "codex"
cpus = 1.5
prompt = "@looks like a file"
no-protect-git = true
worktree = false

[agents.env]
B = "x,y"
`;

test('a whole file', () => {
  expect(parseTeam(FULL, 'team.toml')).toEqual({
    name: 'refactor',
    workspace: '~/x',
    layout: 'main-vertical',
    shared: [
      { key: 'memory', value: '2g' },
      { key: 'no-reports', value: undefined },
      { key: 'env', value: 'A=1' },
    ],
    agents: [
      {
        type: 'pi',
        name: 'main',
        fields: [
          { key: 'model', value: 'opus' },
          { key: 'prompt', value: '[[agents]]\ntype = "no table"\n' },
          { key: 'read-only', value: undefined },
          { key: 'arg', value: '--one' },
          { key: 'arg', value: 'two words' },
        ],
      },
      {
        type: 'codex',
        name: undefined,
        fields: [
          { key: 'cpus', value: '1.5' },
          { key: 'prompt', value: '@@looks like a file' },
          { key: 'no-protect-git', value: undefined },
          { key: 'no-worktree', value: undefined },
          { key: 'env', value: 'B=x,y' },
        ],
      },
    ],
  });
});

test.each([
  ['nme = "x"\n[[agents]]\ntype = "pi"', 't:1: unknown key "nme"', 'did you mean "name"?'],
  [
    '\nlayout = "tild"\n[[agents]]\ntype = "pi"',
    't:2: "tild" is no layout',
    'did you mean "tiled"? valid: tiled',
  ],
  ['name = "x"', 't: there must be one [[agents]] table or more', 'write [[agents]]'],
  ['agents = "pi"', 't:1: there must be one', 'write [[agents]]'],
  ['[[agents]]\ntype = "pi"\n[[agents]]\nname = "x"', 't:3: an agent has no type', 'add type'],
  ['[[agents]]\ntype = "pi"\n\n  modl = "x"', 't:4: unknown key "modl"', 'did you mean "model"?'],
  [
    '[[agents]]\ntype = "pi"\nread-only = "yes"',
    't:3: "read-only" must be true or false',
    'read-only = true',
  ],
  ['[[agents]]\ntype = "pi"\nengine = "dokcer"', 't:3: "dokcer" is no engine', 'did you mean "docker"?'],
  ['[[agents]]\ntype = 1\nargs = "x"', 't:3: "args" must be a list of texts', 'args = ["..."'],
  ['[[agents]]\ntype = "pi"\nmodel = ["x"]', 't:3: "model" must be a text', 'model = "..."'],
  ['a = ', 't:1: no valid TOML', 'look at column'],
  ['a = 1\na = 2', 't:2: no valid TOML', 'look at column'],
])('%j: file, line and what could stand there', (text, message, hint) => {
  let error: unknown;
  try {
    parseTeam(text, 't');
  } catch (thrown) {
    error = thrown;
  }
  expect(error).toBeInstanceOf(AdrError);
  expect((error as AdrError).message).toContain(message);
  expect((error as AdrError).hint).toContain(hint);
  expect((error as AdrError).exitCode).toBe(2);
});

describe('lines', () => {
  test.each([
    [['name'], 2],
    [['agents', 0], 9],
    [['agents', 0, 'args'], 18],
    [['agents', 1, 'cpus'], 22],
    [['nothing'], undefined],
  ])('%j stands on line %j', (path, line) => {
    expect(findTomlLine(FULL, path)).toBe(line);
  });
});

test('an agent spec is written so that it reads as the same', () => {
  const key = fc.constantFrom('model', 'env', 'prompt', 'read-only');
  const field = fc.record({ key, value: fc.option(fc.string({ unit: 'grapheme' }), { nil: undefined }) });
  fc.assert(
    fc.property(fc.array(field), (fields) => {
      expect(splitFields(formatSpec('pi:main', fields))).toEqual([
        { key: 'pi:main', value: undefined },
        ...fields,
      ]);
    }),
  );
});
