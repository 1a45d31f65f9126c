import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { parseReportLine } from '../../../src/activity/read-reports.ts';
import { claude } from '../../../src/agents/claude/claude.ts';
import { codex } from '../../../src/agents/codex/codex.ts';
import { opencode } from '../../../src/agents/opencode/opencode.ts';
import { pi } from '../../../src/agents/pi/pi.ts';
import type { AgentEvent, AgentType } from '../../../src/agents/types.ts';

/** Reports of the real agents: tools, questions refused and answered, 401, 429, Escape, a new session, quit. */
function readRecording(type: AgentType): readonly AgentEvent[] {
  const file = new URL(`../../../fixtures/reports/${type.name}.txt`, import.meta.url);
  const lines = readFileSync(file, 'utf8').trimEnd().split('\n');
  return lines.flatMap((line) => {
    const report = parseReportLine(line);
    if (report === undefined) throw new Error(`not a report: ${line}`);
    return type.parseReport(report);
  });
}

/** One event a line without the agent's own ids, runs of `busy` shortened. */
function tell(events: readonly AgentEvent[]): string {
  const lines = events.map(({ at: _, conversation: __, kind, ...facts }) => {
    const told = Object.entries(facts).filter(([name]) => name !== 'id');
    return [kind, ...told.map(([, fact]) => JSON.stringify(fact))].join(' ');
  });
  return lines.filter((line, index) => line !== 'busy' || lines[index - 1] !== 'busy').join('\n');
}

describe('parseReport on recordings of the real agents', () => {
  test('pi', () => {
    expect(tell(readRecording(pi))).toMatchInlineSnapshot(`
      "ready
      prompt "TOOL please: a \\"quote\\"; ünïcode\\n  second line"
      busy
      tool "bash" "echo tool-ran"
      tool-end "bash"
      usage {"input":593,"output":5,"cacheRead":0,"cacheWrite":0}
      turn-end "The tool is done."
      prompt "E401 now"
      busy
      usage {"input":0,"output":0,"cacheRead":0,"cacheWrite":0}
      error "401 invalid key" false
      prompt "E429 now"
      busy
      usage {"input":0,"output":0,"cacheRead":0,"cacheWrite":0}
      error "429 Rate limited" true
      busy
      usage {"input":0,"output":0,"cacheRead":0,"cacheWrite":0}
      error "429 Rate limited" true
      busy
      usage {"input":0,"output":0,"cacheRead":0,"cacheWrite":0}
      error "429 Rate limited" true
      busy
      usage {"input":0,"output":0,"cacheRead":0,"cacheWrite":0}
      error "429 Rate limited" false
      prompt "SLEEP now"
      busy
      tool "bash" "sleep 20"
      tool-end "bash"
      usage {"input":0,"output":0,"cacheRead":0,"cacheWrite":0}
      error "interrupted" false
      ready
      prompt "hello there"
      busy
      usage {"input":582,"output":8,"cacheRead":0,"cacheWrite":0}
      turn-end "The answer is fine.\\nSecond line."
      end"
    `);
  });
  test('opencode', () => {
    expect(tell(readRecording(opencode))).toMatchInlineSnapshot(`
      "prompt "TOOL please: a \\"quote\\"; ünïcode\\n  second line"
      busy
      tool "bash" "echo tool-ran"
      ask "approval" "bash: echo tool-ran"
      answered
      tool-end "bash"
      busy
      turn-end "The tool is done."
      prompt "ASKME first"
      busy
      tool "bash" "rm -rf build"
      ask "approval" "bash: rm -rf build"
      answered
      turn-end ""
      prompt "ASKME second"
      busy
      tool "bash" "rm -rf build"
      ask "approval" "bash: rm -rf build"
      answered
      tool-end "bash"
      busy
      turn-end "The tool is done."
      prompt "QUESTION now"
      busy
      tool "question" "Which one?"
      ask "choice" "Which one?"
      answered
      tool-end "question"
      busy
      turn-end "The tool is done."
      prompt "E401 now"
      busy
      error "401 invalid key" false
      prompt "E429 now"
      busy
      error "Rate limited" true
      busy
      error "Rate limited" true
      busy
      error "Rate limited" true
      busy
      error "Rate limited" true
      busy
      error "Rate limited" true
      busy
      error "429 Rate limited" false
      prompt "SLEEP now"
      busy
      tool "bash" "sleep 20"
      ask "approval" "bash: sleep 20"
      answered
      error "interrupted" false
      tool-end "bash"
      prompt "hello there"
      busy
      turn-end "The answer is fine.\\nSecond line.""
    `);
  });
  test('claude', () => {
    expect(tell(readRecording(claude))).toMatchInlineSnapshot(`
      "ready
      prompt "TOOL please: a \\"quote\\"; ünïcode\\n  second line"
      busy
      tool "Bash" "echo tool-ran"
      tool-end "Bash"
      turn-end "The tool is done."
      prompt "ASKME first"
      busy
      tool "Bash" "rm -rf build"
      ask "approval" "Bash: rm -rf build" "Bash"
      prompt "ASKME second"
      busy
      turn-end "The tool is done."
      prompt "CLAUDEQ now"
      busy
      tool "AskUserQuestion" "Which one?"
      ask "choice" "Which one?" "AskUserQuestion"
      tool-end "AskUserQuestion"
      turn-end "The tool is done."
      prompt "E401 now"
      busy
      error "Please run /login · API Error: 401 invalid key" false
      prompt "E429 now"
      busy
      error "Please run /login · API Error: 401 invalid key" false
      prompt "SLEEP now"
      busy
      tool "Bash" "sleep 20"
      ready
      prompt "hello there"
      busy
      turn-end "The answer is fine.\\nSecond line."
      end"
    `);
  });
  test('codex', () => {
    expect(tell(readRecording(codex))).toMatchInlineSnapshot(`
      "ready
      prompt "TOOL please: a \\"quote\\"; ünïcode\\n  second line"
      busy
      tool "Bash" "echo tool-ran"
      tool-end "Bash"
      turn-end "The tool is done."
      prompt "ASKME first"
      busy
      tool "Bash" "rm -rf build"
      ask "approval" "Bash: rm -rf build" "Bash"
      error "interrupted" false
      prompt "ASKME second"
      busy
      tool "Bash" "rm -rf build"
      ask "approval" "Bash: rm -rf build" "Bash"
      tool-end "Bash"
      turn-end "The tool is done."
      prompt "E401 now"
      busy
      prompt "E429 now"
      busy
      prompt "SLEEP now"
      busy
      tool "Bash" "sleep 20"
      error "interrupted" false
      ready
      prompt "hello there"
      busy
      turn-end "The answer is fine.\\nSecond line."
      end
      end"
    `);
  });

  test.each([pi, opencode, claude, codex])('$name names its conversation and the time', (type) => {
    for (const event of readRecording(type)) {
      expect(event.conversation).toMatch(/^(ses_\w+|[0-9a-f-]{36})$/);
      expect(event.at).toBeGreaterThan(1_700_000_000_000);
    }
  });
});

describe.each([pi, opencode, claude, codex])('parseReport of $name', (type) => {
  const parse = (body: unknown) => type.parseReport({ at: 1_790_000_000_000, source: type.name, body });

  test.each([null, 7, 'text', [], [{}], {}, { type: 'later' }, { hook_event_name: 'Later' }])(
    'knows nothing of %j',
    (body) => expect(parse(body)).toEqual([]),
  );

  test('takes known events with missing or wrong fields', () => {
    const names = [
      ...['SessionStart', 'UserPromptSubmit', 'PreToolUse', 'PermissionRequest', 'PostToolUse', 'Stop'],
      ...['StopFailure', 'Interrupt', 'SessionEnd', 'Elicitation', 'PermissionDenied'],
      ...['session_start', 'input', 'agent_start', 'agent_end', 'tool_execution_start', 'session_shutdown'],
      ...['chat.message', 'tool.execute.before', 'permission.asked', 'question.asked', 'session.status'],
      ...['session.error', 'session.idle'],
    ];
    for (const name of names) {
      for (const junk of [undefined, null, 7, [], {}]) {
        const fields = Object.fromEntries(
          [
            ...['prompt', 'text', 'message', 'tool_name', 'tool_input', 'args', 'properties', 'status'],
            ...['failures', 'last_assistant_message', 'session_id', 'sessionID', 'conversation', 'questions'],
          ].map((field) => [field, junk]),
        );
        const events = parse({ ...fields, type: name, hook_event_name: name });
        expect(events.every((event) => event.conversation === undefined)).toBe(true);
      }
    }
  });

  test('limits what it takes over', () => {
    const long = 'x'.repeat(3_000_000);
    const fields = { text: long, prompt: long, message: long, last_assistant_message: long };
    const tools = {
      tool_name: long,
      toolName: long,
      tool: long,
      tool_input: { command: long },
      args: { command: long },
    };
    for (const name of [
      'UserPromptSubmit',
      'PreToolUse',
      'Stop',
      'input',
      'tool_execution_start',
      'agent_end',
    ].concat(...['chat.message', 'tool.execute.before', 'session.idle'])) {
      for (const event of parse({ type: name, hook_event_name: name, ...fields, ...tools })) {
        const limit = { prompt: 1_000_000, 'turn-end': 100_000 }[event.kind as string] ?? 2_500;
        expect(JSON.stringify(event).length).toBeLessThan(limit + 200);
      }
    }
  });
});

test('an older Claude Code that says less is understood', () => {
  const body = { hook_event_name: 'Stop', session_id: 's' };
  expect(claude.parseReport({ at: 1, source: 'claude', body })).toEqual([
    { at: 1, conversation: 's', kind: 'turn-end', message: '' },
  ]);
});

test('a compaction in a turn makes neither claude nor codex ready', () => {
  for (const type of [claude, codex]) {
    const body = { hook_event_name: 'SessionStart', source: 'compact' };
    expect(type.parseReport({ at: 1, source: type.name, body })).toEqual([]);
  }
});
