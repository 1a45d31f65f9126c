import { execFileSync } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { buildSecretsFile, wrapWithSecrets } from '../../../src/container/secret-variables.ts';
import { makeScratch } from '../../support/program.ts';

const secret = (name: string, value: string) => ({ name, value, secret: true });

test('without secrets there is neither file nor shell', () => {
  expect(buildSecretsFile([])).toEqual([]);
  expect(wrapWithSecrets(['pi', '-p'], [], '/opt/adr')).toEqual(['pi', '-p']);
});

test('the command line names the file and no value', () => {
  const argv = wrapWithSecrets(['pi', '--x'], [secret('KEY', 'sk-1')], '/opt/adr');
  expect(argv).toEqual(['sh', '-c', '. "$0" && exec "$@"', '/opt/adr/env', 'pi', '--x']);
});

test('a shell gives every value back as it was, and runs none', () => {
  const scratch = makeScratch('secret-variables');
  const path = join(scratch.path, 'env');
  const character = fc.constantFrom(...'\'"$`\\\n;&|#(){}* ~!=aä€\t'.split(''), '$(id)', '`id`', "'; id; '");
  try {
    fc.assert(
      fc.property(fc.array(fc.string({ unit: character }), { minLength: 1, maxLength: 4 }), (values) => {
        const variables = values.map((value, index) => secret(`V${index}`, value));
        writeFileSync(path, buildSecretsFile(variables)[0]?.content ?? '');
        const print = values.map((_, index) => `"$V${index}"`).join(' ');
        const args = ['-c', '. "$0" && exec "$@"', path, 'sh', '-c', `printf '%s\\0' ${print}`];
        const said = execFileSync('sh', args, { encoding: 'utf8' });
        expect(said).toBe(values.map((value) => `${value}\0`).join(''));
      }),
      { numRuns: 40 },
    );
  } finally {
    scratch.remove();
  }
});
