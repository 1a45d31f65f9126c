import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { AgentEvent } from '../../../src/agents/types.ts';
import { formatReport } from '../../../src/cli/adr/logs-format.ts';
import { makeLineCleaner } from '../../../src/cli/adr/logs-lines.ts';

function clean(...pieces: readonly string[]): readonly string[] {
  const cleaner = makeLineCleaner();
  return [...pieces.flatMap((piece) => cleaner.push(piece)), ...cleaner.end()];
}

describe('output', () => {
  test.each<[string, readonly string[], readonly string[]]>([
    ['plain lines, the last without an end', ['a\nb'], ['a', 'b']],
    ['colours', ['\u001b[31mred\u001b[0m\n'], ['red']],
    ['a sequence cut in two', ['\u001b[3', '1mred\u001b', '[0m\n'], ['red']],
    ['a clipboard write', ['\u001b]52;c;c2VjcmV0\u0007after\n'], ['after']],
    ['a title', ['\u001b]0;title\u001b\\after\n'], ['after']],
    ['a line written over', ['10%\r50%\r100%\n'], ['100%']],
    ['line ends of a terminal', ['a\r\nb\r\n'], ['a', 'b']],
    ['empty lines', ['\n\na\n'], ['', '', 'a']],
  ])('%s', (_name, pieces, lines) => {
    expect(clean(...pieces)).toEqual(lines);
  });

  test('however it is cut, the lines are the same and hold no control characters', () => {
    const part = fc.oneof(
      fc.string({ maxLength: 8 }),
      fc.constantFrom('\u001b[1m', '\u001b]0;x\u0007', '\n', '\r', 'é', '日本'),
    );
    fc.assert(
      fc.property(
        fc.array(part, { maxLength: 20 }),
        fc.array(fc.nat(60), { maxLength: 5 }),
        (parts, cuts) => {
          const text = parts.join('');
          const at = [0, ...cuts.filter((cut) => cut < text.length).sort((a, b) => a - b), text.length];
          const pieces = at.slice(1).map((end, index) => text.slice(at[index], end));
          const lines = clean(...pieces);
          expect(lines).toEqual(clean(text));
          expect(lines.join('')).not.toMatch(/[\u0000-\u0008\u000b-\u001f\u007f-\u009f]/);
        },
      ),
    );
  });

  test('a line without an end does not fill the memory', () => {
    const cleaner = makeLineCleaner();
    expect(cleaner.push('x'.repeat(100_000)).join('')).toHaveLength(100_000);
    expect(cleaner.end()).toEqual([]);
  });
});

test('reports are lines for people', () => {
  const at = new Date(2026, 0, 1, 9, 5, 7).getTime();
  const events: readonly AgentEvent[] = [
    { at, kind: 'ready' },
    { at, kind: 'prompt', text: 'first\nsecond\n' },
    { at, kind: 'busy' },
    { at, kind: 'tool', name: 'Bash', input: 'npm test\u001b[2J' },
    { at, kind: 'tool-end', name: 'Bash' },
    { at, kind: 'ask', question: 'approval', what: 'rm -rf build' },
    { at, kind: 'answered' },
    { at, kind: 'error', message: '429', retrying: true },
    { at, kind: 'turn-end', message: 'Done.' },
    { at, kind: 'end' },
  ];
  expect(events.map(formatReport).join('')).toMatchInlineSnapshot(`
    "09:05:07 ready
    09:05:07 prompt: first
             second
    09:05:07 tool: Bash: npm test
    09:05:07 tool ended: Bash
    09:05:07 asks (approval): rm -rf build
    09:05:07 answered
    09:05:07 retrying after: 429
    09:05:07 turn over: Done.
    09:05:07 ended
    "
  `);
});
