import { execaSync } from 'execa';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { readFirstTarFile, writeTar } from '../../../src/container/tar.ts';

test('tar itself reads it: names, modes, numeric ids, sizes', () => {
  const long = `home/${'d'.repeat(120)}/ünï 日本.txt`;
  const archive = writeTar([
    { path: 'home/node', kind: 'directory', mode: 0o700, uid: 1234, gid: 5 },
    { path: 'home/node/a', kind: 'file', mode: 0o600, uid: 1234, gid: 5, content: 'hello' },
    { path: 'home/node/l', kind: 'link', mode: 0o777, uid: 1234, gid: 5, target: '/home/node/.x/a' },
    {
      path: long,
      kind: 'file',
      mode: 0o755,
      uid: 3_000_000_000,
      gid: 4_000_000,
      content: Buffer.alloc(1025, 1),
    },
  ]);
  const { stdout, stderr } = execaSync('tar', ['--numeric-owner', '--quoting-style=literal', '-tvf', '-'], {
    input: archive,
    env: { TZ: 'UTC', LC_ALL: 'C.UTF-8' },
  });
  expect(stderr).toBe('');
  expect(stdout.split('\n').map((line) => line.replace(/\s+/g, ' '))).toEqual([
    'drwx------ 1234/5 0 1970-01-01 00:00 home/node/',
    '-rw------- 1234/5 5 1970-01-01 00:00 home/node/a',
    'lrwxrwxrwx 1234/5 0 1970-01-01 00:00 home/node/l -> /home/node/.x/a',
    `-rwxr-xr-x 3000000000/4000000 1025 1970-01-01 00:00 ${long}`,
  ]);
});

test('content comes back byte for byte', () => {
  fc.assert(
    fc.property(
      fc.uint8Array({ maxLength: 2000 }),
      fc.string({ unit: 'grapheme', minLength: 1 }),
      (bytes, name) => {
        const path = `x/${name.replaceAll('/', '_').replaceAll('\0', '_')}`;
        const archive = writeTar([{ path, kind: 'file', mode: 0o600, uid: 1, gid: 1, content: bytes }]);
        expect(archive.length % 512).toBe(0);
        expect(Buffer.compare(readFirstTarFile(archive) ?? Buffer.alloc(0), Buffer.from(bytes))).toBe(0);
      },
    ),
  );
});

test('nothing to read in an empty or broken archive', () => {
  expect(readFirstTarFile(Buffer.alloc(1024))).toBeUndefined();
  expect(readFirstTarFile(Buffer.from('rubbish'))).toBeUndefined();
});
