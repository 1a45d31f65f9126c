import { readFileSync } from 'node:fs';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { parseReportLine } from '../../../src/activity/read-reports.ts';
import { findAgentType } from '../../../src/agents/registry.ts';
import type { AgentEvent, RawReport } from '../../../src/agents/types.ts';

const KINDS = new Set<AgentEvent['kind']>([
  ...(['ready', 'prompt', 'busy', 'tool', 'tool-end', 'ask', 'answered'] as const),
  ...(['turn-end', 'error', 'usage', 'end'] as const),
]);
const values = fc.oneof(
  fc.jsonValue({ depthSize: 'small' }),
  fc.constantFrom(-1, 1e308, 2 ** 60, '', 'x'.repeat(3_000), '__proto__', null, [[]], { a: { b: [] } }),
);

function readRecording(name: string): readonly RawReport[] {
  const file = new URL(`../../../fixtures/reports/${name}-more.txt`, import.meta.url);
  return readFileSync(file, 'utf8')
    .split('\n')
    .map(parseReportLine)
    .flatMap((report) => report ?? []);
}

/** All that a consumer of events relies on. */
function checkEvent(event: AgentEvent, at: number): void {
  expect(KINDS.has(event.kind)).toBe(true);
  expect(event.at).toBe(at);
  expect((event.conversation ?? '').length).toBeLessThanOrEqual(200);
  for (const [name, value] of Object.entries(event)) {
    if (typeof value === 'string') expect(value.length, name).toBeLessThanOrEqual(1_000_000);
  }
  if (event.kind === 'tool' || event.kind === 'tool-end')
    expect([event.name.length > 0, event.name.length <= 200]).toEqual([true, true]);
  if (event.kind === 'tool') expect(event.input.length).toBeLessThanOrEqual(2_000);
  if (event.kind === 'ask') expect(event.what.length).toBeLessThanOrEqual(100_000);
  if (event.kind !== 'usage') return;
  for (const count of Object.values(event.usage))
    expect(count >= 0 && Number.isSafeInteger(Math.floor(count))).toBe(true);
}

describe.each(['pi', 'opencode', 'claude', 'codex', 'demo'])('%s', (name) => {
  const type = findAgentType(name);
  if (!type) throw new Error(`no type ${name}`);
  const recorded = name === 'demo' ? [] : readRecording(name);

  test('whatever it reports is an event of the vocabulary, or nothing', () => {
    fc.assert(
      fc.property(fc.nat(), values, (at, body) => {
        for (const event of type.parseReport({ at, source: name, body })) checkEvent(event, at);
      }),
    );
  });

  test('so is a true report with a field replaced, or gone', () => {
    if (recorded.length === 0) return;
    const reports = fc.constantFrom(...recorded);
    fc.assert(
      fc.property(reports, fc.nat(), values, fc.boolean(), (report, index, value, gone) => {
        const body = { ...(report.body as Record<string, unknown>) };
        const names = Object.keys(body);
        const field = names[index % names.length] ?? '';
        if (gone) delete body[field];
        else body[field] = value;
        for (const event of type.parseReport({ ...report, body })) checkEvent(event, report.at);
      }),
    );
  });
});

test('a line is `<ms> <source> <JSON>` or nothing', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'binary', maxLength: 200 }), (line) => {
      const report = parseReportLine(line);
      if (report) expect(`${report.at}`).toMatch(/^\d{10,16}$/);
    }),
  );
  for (const line of [
    '',
    '1 a {}',
    '1795227784809 claude',
    '1795227784809 claude {',
    '17952277848091795 x {}x',
    '1795227784809 A {}',
  ])
    expect(parseReportLine(line), line).toBeUndefined();
});
