import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { parseEnvEntry, parseEnvFile } from '../../../src/config/env-entries.ts';
import { parseMount } from '../../../src/config/mounts.ts';
import { parseConfigText, splitList } from '../../../src/config/parse-file.ts';
import {
  type Origin,
  parseCpus,
  parseMemory,
  parsePids,
  parseSwitch,
  parseTimeout,
  parseUser,
} from '../../../src/config/values.ts';
import { AdrError } from '../../../src/errors.ts';

const origin: Origin = { layer: 'flag', where: '--x', base: '/base' };

describe('numbers with units', () => {
  test.each([
    ['512m', 512 * 2 ** 20],
    ['1g', 2 ** 30],
    ['2Gi', 2 ** 31],
    ['1.5g', 1.5 * 2 ** 30],
    ['1gb', 2 ** 30],
    ['1073741824', 2 ** 30],
    ['0', 0],
  ])('memory %s', (text, bytes) => expect(parseMemory(text, origin)).toBe(bytes));

  test.each(['', 'much', '1x', '-1g', '5m', '1e9', 'NaN', '9999999t'])('no memory: %j', (text) => {
    expect(() => parseMemory(text, origin)).toThrow(AdrError);
  });

  test.each([
    ['2', 2],
    ['0.5', 0.5],
    ['500m', 0.5],
    ['0', 0],
  ])('cpus %s', (text, cpus) => expect(parseCpus(text, origin)).toBe(cpus));

  test.each(['', '-1', 'two', '1g', '0.001'])('no cpus: %j', (text) => {
    expect(() => parseCpus(text, origin)).toThrow(AdrError);
  });

  test('pids, switches, users', () => {
    expect(parsePids('4096', origin)).toBe(4096);
    expect([parsePids('16', origin), parsePids('0', origin)]).toEqual([16, 0]);
    for (const text of ['-1', '1', '15', '1e3']) {
      expect(() => parsePids(text, origin)).toThrow(`--x: "${text}" is no limit of processes`);
    }
    expect([parseSwitch('1', origin), parseSwitch('off', origin)]).toEqual([true, false]);
    expect(() => parseSwitch('maybe', origin)).toThrow(AdrError);
    expect(parseUser('1234', origin)).toEqual({ kind: 'id', uid: 1234, gid: 1234 });
    expect(parseUser('0:5', origin)).toEqual({ kind: 'id', uid: 0, gid: 5 });
    expect(parseUser('host', origin)).toEqual({ kind: 'host' });
    expect(() => parseUser('node', origin)).toThrow(AdrError);
  });

  test.each([
    ['90', 90_000],
    ['5s', 5000],
    ['10M', 600_000],
    ['2h', 7_200_000],
    ['1d', 86_400_000],
    ['6000ms', 6000],
  ])('timeout %s', (text, ms) => expect(parseTimeout(text, origin)).toBe(ms));

  test.each([
    ['5x', 'Invalid timeout unit. Use s, m, h, or d'],
    ['5 s', "Malformed timeout value: '5 s'. Expected a number followed by an optional unit (s, m, h, d)"],
    ['h', "Missing numeric value in timeout specification: 'h'"],
    ['1.5h', 'Decimal timeout values are not supported (got: 1.5h)'],
    ['4', 'Timeout value must be at least 5 seconds (got: 4)'],
    ['0m', 'Timeout value must be greater than zero (got: 0m)'],
    ['-5', 'Negative timeout values are not allowed (got: -5)'],
  ])('no timeout: %s', (text, message) => {
    expect(() => parseTimeout(text, origin)).toThrow(`--x: ${message}`);
  });
});

describe('mounts', () => {
  test.each([
    ['/a:/b', { source: '/a', target: '/b', readOnly: true }],
    ['/a:/b:rw', { source: '/a', target: '/b', readOnly: false }],
    ['/a:/b:ro', { source: '/a', target: '/b', readOnly: true }],
    ['/a:with:/b', { source: '/a:with', target: '/b', readOnly: true }],
    ['~/d:/b/../c/', { source: '/home/me/d', target: '/c', readOnly: true }],
    ['d e:/b', { source: '/base/d e', target: '/b', readOnly: true }],
  ])('%s', (text, expected) => {
    expect(parseMount(text, origin, '/home/me')).toEqual({ ...expected, origin });
  });

  test.each([
    ['/a', 'Invalid --mount format "/a". Expected HOST:CONTAINER[:ro|rw]'],
    ['/a:b', 'Mount container path must be absolute: b'],
    ['/a:/b:rx', "Invalid mount mode 'rx'. Must be 'ro' or 'rw'"],
    [':/b', 'Invalid --mount format ":/b". Expected HOST:CONTAINER[:ro|rw]'],
    ['/a:ro', 'Invalid --mount format "/a:ro". Expected HOST:CONTAINER[:ro|rw]'],
  ])('no mount: %s', (text, message) => {
    expect(() => parseMount(text, origin, '/home/me')).toThrow(`--x: ${message}`);
  });

  test('any text is a mount or MOUNT_INVALID', () => {
    fc.assert(
      fc.property(fc.string(), (text) => {
        try {
          const mount = parseMount(text, origin, '/home/me');
          expect(mount.target.startsWith('/')).toBe(true);
          expect(mount.source.startsWith('/')).toBe(true);
        } catch (error) {
          expect(error).toMatchObject({ code: 'MOUNT_INVALID', exitCode: 2 });
        }
      }),
    );
  });
});

describe('variables', () => {
  test('KEY=VALUE, KEY, empty values and values with =', () => {
    expect(parseEnvEntry('A=b=c d', origin)).toEqual({ name: 'A', value: 'b=c d' });
    expect(parseEnvEntry('A=', origin)).toEqual({ name: 'A', value: '' });
    expect(parseEnvEntry('A', origin)).toEqual({ name: 'A', value: undefined });
  });

  test.each(['', '=x', '1A=x', 'A-B=x', 'AGENT_PROMPT=x', 'ADR_REPORTS=/x'])('not %j', (text) => {
    expect(() => parseEnvEntry(text, origin)).toThrow(AdrError);
  });

  test('a dotenv file', () => {
    const text = [
      '# comment',
      '',
      '\t',
      'A=1\r',
      'EMPTY=',
      'export B = two words # comment',
      'C="quo # ted\\n\\"x\\""',
      "D='single $x'",
      'E=-n',
      'F=a#b',
    ].join('\n');
    expect(Object.fromEntries(parseEnvFile(text, 'f').map(({ name, value }) => [name, value]))).toEqual({
      A: '1',
      EMPTY: '',
      B: 'two words',
      C: 'quo # ted\n"x"',
      D: 'single $x',
      E: '-n',
      F: 'a#b',
    });
    expect(() => parseEnvFile('A=1\nbad', 'f')).toThrow('f:2: Expected KEY=VALUE');
  });
});

describe('config files', () => {
  test('keys, comments, blanks, CRLF, trailing =', () => {
    expect(parseConfigText('\ufeff# c\r\n\r\n A = abc= \r\nB=v1 # why\nnonsense\nA=again')).toEqual({
      assignments: [
        { key: 'A', value: 'abc=', comment: '', line: 3 },
        { key: 'B', value: 'v1', comment: ' # why', line: 4 },
        { key: 'A', value: 'again', comment: '', line: 6 },
      ],
      bad: [5],
    });
  });

  test.each([
    ['a # b', 'a'],
    ['a#b', 'a#b'],
    ['# b', ''],
    ['"a # b" # c', '"a # b"'],
    ["A='x # y' B", "A='x # y' B"],
    ['"a \\" # b" # c', '"a \\" # b"'],
    ["it's # b", "it's"],
    ['"open # b', '"open'],
  ])('the comment of %j leaves %j', (text, value) => {
    expect(parseConfigText(`A=${text}`).assignments[0]?.value).toBe(value);
  });

  test('lists: blanks, quotes, backslashes', () => {
    expect(splitList('a  "b c" d\\ e \'f\\g\' ""', origin)).toEqual(['a', 'b c', 'd e', 'f\\g', '']);
    expect(() => splitList('"open', origin)).toThrow('--x: a quote is not closed');
  });

  test('any list survives quoting', () => {
    fc.assert(
      fc.property(fc.array(fc.string()), (words) => {
        const text = words.map((word) => `"${word.replace(/(["\\])/g, '\\$1')}"`).join(' ');
        expect(splitList(text, origin)).toEqual(words);
      }),
    );
  });
});
