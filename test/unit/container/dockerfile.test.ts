import { expect, test } from 'vitest';
import { listBaseImages } from '../../../src/container/dockerfile.ts';

test.each<[string, string, readonly string[]]>([
  ['one', 'FROM node:22-slim\nRUN true\n', ['node:22-slim']],
  [
    'stages are no images',
    'FROM rust:1.85 AS Build\nFROM debian\nCOPY --from=build /x /x\nFROM build',
    ['rust:1.85', 'debian'],
  ],
  [
    'a platform, lower case, a continued line',
    'from --platform=linux/amd64 \\\n  a/b@sha256:1 as x',
    ['a/b@sha256:1'],
  ],
  [
    'defaults of arguments',
    'ARG BASE="node:22"\nARG V=1\nFROM \x24{BASE}\nFROM x:$V\nFROM y:\x24{W:-3}',
    ['node:22', 'x:1', 'y:3'],
  ],
  ['no default, scratch, later arguments', 'ARG BASE\nFROM $BASE\nFROM scratch\nARG Z=1\nFROM z:\x24{Z}', []],
  ['nothing', '# FROM x\n', []],
])('%s', (_, text, images) => {
  expect(listBaseImages(text)).toEqual(images);
});
