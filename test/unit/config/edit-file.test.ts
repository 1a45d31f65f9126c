import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { checkValue } from '../../../src/config/check-value.ts';
import { quoteScalar, removeAssignments, setAssignment } from '../../../src/config/edit-file.ts';
import { findKey } from '../../../src/config/find-key.ts';
import { formatFallback } from '../../../src/config/format-value.ts';
import { parseConfigText, splitComment, splitList, unquoteValue } from '../../../src/config/parse-file.ts';
import { SETTINGS, type Setting, toKeySuffix } from '../../../src/config/schema.ts';
import type { Origin } from '../../../src/config/values.ts';

const ORIGIN: Origin = { layer: 'flag', where: 'x', base: '/' };
const TYPES = ['pi', 'codex', 'my-agent'];

describe('setting a key', () => {
  test.each([
    ['', 'ADR_A=1\n'],
    ['# mine\n\nADR_B=2\n', '# mine\n\nADR_B=2\nADR_A=1\n'],
    ['ADR_B=2', 'ADR_B=2\nADR_A=1\n'],
    ['# a\n  ADR_A = 0 \n# b\nADR_B=2\n', '# a\nADR_A=1\n# b\nADR_B=2\n'],
    ['ADR_A=0', 'ADR_A=1'],
    ['ADR_A="a # b"  # why\nADR_B=2', 'ADR_A=1  # why\nADR_B=2'],
    ['ADR_A=0\r\nADR_B=2\r\n', 'ADR_A=1\r\nADR_B=2\r\n'],
    ['ADR_B=2\r\n', 'ADR_B=2\r\nADR_A=1\r\n'],
    ['\ufeffADR_A=0\n', '\ufeffADR_A=1\n'],
    ['ADR_A=0\n# between\nADR_A=9\nADR_AB=3\n', '# between\nADR_A=1\nADR_AB=3\n'],
    ['#ADR_A=0\nnonsense\n', '#ADR_A=0\nnonsense\nADR_A=1\n'],
  ])('of %j replaces it in its place', (before, after) => {
    expect(setAssignment(before, 'ADR_A', '1', 'replace')).toBe(after);
  });

  test.each([
    ['', 'ADR_A=1\n'],
    ['ADR_A=0\n# b\nADR_B=2\n', 'ADR_A=0\nADR_A=1\n# b\nADR_B=2\n'],
    ['ADR_A=0', 'ADR_A=0\nADR_A=1\n'],
    ['ADR_A=0\r\nADR_B=2', 'ADR_A=0\r\nADR_A=1\r\nADR_B=2'],
  ])('of a list in %j comes behind its others', (before, after) => {
    expect(setAssignment(before, 'ADR_A', '1', 'append')).toBe(after);
  });
});

const KEYS = ['ADR_A', 'ADR_B', 'ADR_AB'] as const;
const line = fc.oneof(
  fc
    .tuple(fc.constantFrom(...KEYS), fc.constantFrom('=', ' = ', '= '), fc.string({ unit: 'binary' }))
    .map((parts) => parts.join('')),
  fc.string({ unit: 'binary' }).map((text) => `# ${text}`),
  fc.constantFrom('', '  ', '\t', 'nonsense', 'export ADR_A=1'),
);
const file = fc
  .tuple(fc.constantFrom('', '\ufeff'), fc.array(fc.tuple(line, fc.constantFrom('\n', '\r\n'))), fc.boolean())
  .map(([mark, lines, closed]) => {
    const text = lines.map(([content, end]) => content.replace(/[\r\n]/g, '') + end).join('');
    return mark + (closed ? text : text.replace(/\r?\n$/, ''));
  });
const value = fc.string().filter((text) => !/[\r\n]/.test(text));

/** Every line that does not assign `key`, as it stands, byte order mark and line ends aside. */
function listOthers(text: string, key: string): readonly string[] {
  const own = new Set(
    parseConfigText(text)
      .assignments.filter((found) => found.key === key)
      .map((found) => found.line),
  );
  const lines = text.replace(/^\ufeff/, '').split(/\r?\n/);
  return lines.filter((content, at) => !own.has(at + 1) && !(content === '' && at === lines.length - 1));
}

function listValues(text: string, key: string): readonly string[] {
  return parseConfigText(text)
    .assignments.filter((found) => found.key === key)
    .map((found) => found.value);
}

describe('any file', () => {
  test('keeps its other lines when a key is set or taken out', () => {
    fc.assert(
      fc.property(
        file,
        fc.constantFrom(...KEYS),
        value,
        fc.constantFrom('replace', 'append'),
        (text, key, next, kind) => {
          const set = setAssignment(text, key, next, kind);
          expect(listOthers(set, key)).toEqual(listOthers(text, key));
          const wanted = splitComment(next.trim()).value;
          const before = kind === 'append' ? listValues(text, key) : [];
          expect(listValues(set, key)).toEqual([...before, wanted]);
          const { text: unset, removed } = removeAssignments(set, key);
          expect(removed).toBe(before.length + 1);
          expect(listOthers(unset, key)).toEqual(listOthers(text, key));
          expect(listValues(unset, key)).toEqual([]);
          expect(unset.startsWith('\ufeff')).toBe(text.startsWith('\ufeff'));
        },
      ),
    );
  });

  test('reads a scalar back as it was given', () => {
    fc.assert(
      fc.property(fc.oneof(fc.string({ unit: 'binary' }), fc.stringMatching(/^["' a]*$/)), (text) => {
        const written = quoteScalar(text);
        if (written === undefined) {
          expect(text).toMatch(/[\r\n\0\u2028\u2029]|^(["']).*\1$|^\s|\s$/s);
          return;
        }
        const [found] = parseConfigText(`ADR_A=${written}\n`).assignments;
        expect(unquoteValue((found?.value ?? '').trim())).toBe(text);
      }),
    );
  });
});

describe('a value', () => {
  const check = (name: string, text: string) =>
    checkValue(SETTINGS.find((setting) => setting.name === name) as Setting, text, ORIGIN, '/home/u');

  test.each([
    ['memory', ' 2g ', { written: '2g', items: ['2g'] }],
    ['memory', '', { written: '', items: [] }],
    ['model', 'a #b', { written: '"a #b"', items: ['a #b'] }],
    ['env', 'A=1#2 "B= # x"', { written: 'A=1#2 "B= # x"', items: ['A=1#2', 'B= # x'] }],
    ['model', '"quoted"', { written: `'"quoted"'`, items: ['"quoted"'] }],
    ['env', 'A=1 "B=two words" C', { written: 'A=1 "B=two words" C', items: ['A=1', 'B=two words', 'C'] }],
    ['mounts', '~/a:/a /b:/b:rw', { written: '~/a:/a /b:/b:rw', items: ['~/a:/a', '/b:/b:rw'] }],
  ])('%s=%s is taken', (name, text, checked) => {
    expect(check(name, text)).toEqual(checked);
  });

  test.each([
    ['memory', 'lots', 'CONFIG_INVALID'],
    ['engine', 'vm', 'CONFIG_INVALID'],
    ['mounts', '/a', 'MOUNT_INVALID'],
    ['mounts', '/my data:/data', 'MOUNT_INVALID'],
    ['env', '1A=x', 'USAGE'],
    ['env', 'A=1 #2', 'CONFIG_INVALID'],
    ['env', '"A=x', 'CONFIG_INVALID'],
    ['env', 'A=1\nADR_ENGINE=host', 'CONFIG_INVALID'],
    ['model', 'a\nADR_ENGINE=host', 'CONFIG_INVALID'],
    ['model', `"a'b"`, 'CONFIG_INVALID'],
  ])('%s=%j is refused', (name, text, code) => {
    expect(() => check(name, text)).toThrow(expect.objectContaining({ code }));
  });
});

describe('a key', () => {
  test.each([
    ['ADR_MEMORY', 'ADR_MEMORY'],
    ['memory', 'ADR_MEMORY'],
    ['pids-limit', 'ADR_PIDS_LIMIT'],
    ['mount', 'ADR_MOUNTS'],
    ['mount_pi', 'ADR_MOUNTS_PI'],
    ['model-my-agent', 'ADR_MODEL_MY_AGENT'],
    ['env_file', 'ADR_ENV_FILE'],
    ['adr_env_codex', 'ADR_ENV_CODEX'],
  ])('%s is %s', (text, key) => {
    expect(findKey(text, TYPES).key).toBe(key);
  });

  test.each([
    ['modle', 'unknown key "ADR_MODLE"', 'did you mean ADR_MODEL?'],
    ['ADR_MODEL_PII', 'unknown key "ADR_MODEL_PII"', 'did you mean ADR_MODEL_PI?'],
    ['env_fil', 'unknown key "ADR_ENV_FIL"', 'did you mean ADR_ENV_FILE?'],
    ['agent_pi', 'unknown key "ADR_AGENT_PI"', 'keys: ADR_AGENT, '],
    ['x y', '"x y" is not a key', 'keys: ADR_AGENT, '],
    ['', '"" is not a key', 'keys: ADR_AGENT, '],
  ])('%j is none', (text, message, hint) => {
    const failure = { code: 'USAGE', message, hint: expect.stringContaining(hint) };
    expect(() => findKey(text, TYPES)).toThrow(expect.objectContaining(failure));
  });

  test('of the table is found by its name, its flag, and for every agent type', () => {
    for (const { key, flag, name } of SETTINGS as readonly Setting[]) {
      expect(findKey(flag, TYPES).key).toBe(key);
      expect(findKey(key.slice('ADR_'.length).toLowerCase(), TYPES).key).toBe(key);
      for (const type of name === 'agent' ? [] : TYPES) {
        expect(findKey(`${key}_${toKeySuffix(type)}`, TYPES)).toMatchObject({ suffix: toKeySuffix(type) });
      }
    }
  });

  test('of the table has a default that reads back as itself', () => {
    for (const setting of SETTINGS as readonly Setting[]) {
      const text = formatFallback(setting);
      if (text !== undefined) expect(setting.parse(text, ORIGIN)).toEqual(setting.fallback);
    }
    expect(splitList('', ORIGIN)).toEqual([]);
  });
});
