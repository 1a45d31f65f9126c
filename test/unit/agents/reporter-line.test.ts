import { execFile, execFileSync, spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { parseReportLine } from '../../../src/activity/read-reports.ts';
import { buildBriefReporterLine, buildReporterLine } from '../../../src/agents/reporter-line.ts';

let reports = '';
beforeEach(() => {
  reports = join(mkdtempSync(join(tmpdir(), 'adr-reports-')), "it's a $HOME");
  mkdirSync(reports);
});
afterEach(() => rmSync(join(reports, '..'), { recursive: true, force: true }));

function runHook(line: string, input: string, env: Record<string, string> = {}): string {
  const options = {
    input,
    env: { PATH: process.env.PATH, ADR_REPORTS: reports, ...env },
    stdio: 'pipe',
  } as const;
  // A hook may end without reading its input (EPIPE here): that is no failure of its own.
  const { status, stdout, stderr } = spawnSync('/bin/sh', ['-c', line], options);
  expect([status, stderr.toString()]).toEqual([0, '']);
  return stdout.toString();
}

function readReports() {
  const lines = readFileSync(join(reports, 'reports'), 'utf8').trimEnd().split('\n');
  return lines.map((line) => parseReportLine(line));
}

test('appends one line, whatever the JSON looks like and the folder is called', () => {
  const body = { hook_event_name: 'Stop', text: `"it's" $HOME \\ %s\n\ttab ünïcode` };
  expect(runHook(buildReporterLine('claude'), `${JSON.stringify(body, null, 2)}\n`)).toBe('');
  expect(readReports()).toEqual([{ at: expect.any(Number), source: 'claude', body }]);
  expect(Math.abs(Date.now() - (readReports()[0]?.at ?? 0))).toBeLessThan(10_000);
});

test('the text is a function of the source alone', () => {
  expect(buildReporterLine('codex')).toMatchInlineSnapshot(
    `"exec sh -c '( exec 9>>"\${ADR_REPORTS:?}/lock" && { flock -w 2 9; t=$(date +%s%3N); case $t in *[!0-9]*) t=$(date +%s)000;; esac; printf "%s codex " "$t"; tr -d "\\n"; echo; } >>"$ADR_REPORTS/reports" ) >/dev/null 2>&1; exit 0'"`,
  );
  expect(buildBriefReporterLine('codex')).toMatchInlineSnapshot(
    `"exec sh -c '( exec 9>>"\${ADR_REPORTS:?}/lock" && { flock -w 2 9; t=$(date +%s%3N); case $t in *[!0-9]*) t=$(date +%s)000;; esac; printf "%s codex {" "$t"; tr -d "\\n" | grep -oE "\\"(session_id|agent_id|hook_event_name|tool_name|tool_use_id)\\":\\"[^\\"]*\\"" | awk -F: "!seen[\\$1]++" | paste -sd , - | tr -d "\\n"; echo "}"; } >>"$ADR_REPORTS/reports" ) >/dev/null 2>&1; exit 0'"`,
  );
});

test('the brief one leaves out what the tool returned', () => {
  const body = {
    session_id: 's-1',
    cwd: '/workspace',
    hook_event_name: 'PostToolUse',
    tool_name: 'mcp__x__y',
    tool_input: { tool_name: 'inner', text: '"tool_name":"fake"' },
    tool_response: 'x'.repeat(500_000),
  };
  expect(runHook(buildBriefReporterLine('codex'), JSON.stringify(body))).toBe('');
  const brief = { session_id: 's-1', hook_event_name: 'PostToolUse', tool_name: 'mcp__x__y' };
  expect(readReports()).toMatchObject([{ source: 'codex', body: brief }]);
});

test('writers at the same time do not mix', async () => {
  const line = buildReporterLine('claude');
  const write = (n: number) =>
    new Promise<void>((resolve, reject) => {
      const env = { PATH: process.env.PATH, ADR_REPORTS: reports };
      const child = execFile('/bin/sh', ['-c', line], { env }, (error) =>
        error ? reject(error) : resolve(),
      );
      child.stdin?.end(JSON.stringify({ n, text: 'x'.repeat(100_000) }));
    });
  await Promise.all(Array.from({ length: 20 }, (_, n) => write(n)));
  const numbers = readReports().map((report) => Number(JSON.stringify(report?.body).slice(5).split(',')[0]));
  expect(numbers.sort((a, b) => a - b)).toEqual(Array.from({ length: 20 }, (_, n) => n));
});

test.each(['/nowhere/at/all', ''])('a missing folder %j is silent and no failure', (folder) => {
  for (const line of [buildReporterLine('claude'), buildBriefReporterLine('claude')])
    expect(runHook(line, '{}', { ADR_REPORTS: folder })).toBe('');
});

test('without flock it still reports', () => {
  const bin = join(reports, 'bin');
  mkdirSync(bin);
  for (const program of ['sh', 'date', 'tr']) {
    const path = execFileSync('/bin/sh', ['-c', `command -v ${program}`])
      .toString()
      .trim();
    symlinkSync(path, join(bin, program));
  }
  runHook(buildReporterLine('claude'), '{"a":1}', { PATH: bin });
  expect(readReports()).toMatchObject([{ body: { a: 1 } }]);
});
