import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { expect, test } from 'vitest';
import { formatFallback } from '../../../src/config/format-value.ts';
import { type Safety, SETTINGS, type Setting } from '../../../src/config/schema.ts';

const NEEDS_TRUST: Readonly<Record<Safety, string>> = {
  safe: 'no',
  guarded: 'yes',
  lowers: 'to raise it',
  workspace: 'from outside the workspace',
  asks: 'for `never`',
};

/** A setting's row in docs/configuration.md: key, flag, default, whether a project's file needs trust for it. */
function buildRow({ key, flag, alias, kind, name, value, safety, session, ...rest }: Setting): string {
  const shown =
    name === 'agent'
      ? 'the word after `run`'
      : session
        ? ''
        : `\`${kind === 'switch' ? `--no-${flag}` : `--${flag} ${value}`}\``;
  const short = alias === undefined ? '' : `, \`-${alias}\``;
  const fallback = formatFallback({ key, flag, kind, name, value, safety, ...rest });
  const cells = [
    `\`${key}\`${kind === 'list' ? ' (list)' : ''}`,
    `${shown}${short}`,
    fallback === undefined ? '' : `\`${fallback}\``,
    session ? 'does not count' : NEEDS_TRUST[safety],
  ];
  return cells.map((cell) => cell.replaceAll('|', '\\|')).join(' | ');
}

test('docs/configuration.md has a row for every setting, and for nothing else', () => {
  const text = readFileSync(resolve(import.meta.dirname, '../../../docs/configuration.md'), 'utf8');
  const rows = text
    .split('\n')
    .filter((line) => line.startsWith('| `ADR_'))
    .map((line) => line.replace(/^\| | *\|$/g, '').replace(/ *(?<!\\)\| */g, ' | '));
  expect(rows).toEqual((SETTINGS as readonly Setting[]).map(buildRow));
});
