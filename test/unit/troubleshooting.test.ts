import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { ROOT } from '../support/program.ts';

const read = (path: string): string => readFileSync(join(ROOT, path), 'utf8');

test('every error code has its place in the troubleshooting page', () => {
  const catalogue = /const EXIT_CODES = \{(.*?)\}/s.exec(read('src/errors.ts'))?.[1] ?? '';
  const codes = [...catalogue.matchAll(/^ {2}([A-Z_]+):/gm)].map((match) => match[1]);
  expect(codes).toContain('TMUX_MISSING');
  const page = read('docs/troubleshooting.md');
  expect(codes.filter((code) => !page.includes(`\`${code}\``))).toEqual([]);
});
