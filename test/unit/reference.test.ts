import { readFile } from 'node:fs/promises';
import { describe, expect, it } from 'vitest';
import { listReferenceFiles } from '../../src/cli/reference.ts';

describe('the reference', () => {
  it.each(listReferenceFiles())(
    '$path is what the program says now (npm run docs)',
    async ({ path, text }) => {
      expect(await readFile(path, 'utf8').catch(() => '')).toBe(text);
    },
  );
});
