import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { parseReportLine } from '../../../src/activity/read-reports.ts';
import { claude } from '../../../src/agents/claude/claude.ts';
import { codex } from '../../../src/agents/codex/codex.ts';
import { opencode } from '../../../src/agents/opencode/opencode.ts';
import { pi } from '../../../src/agents/pi/pi.ts';
import type { AgentEvent, AgentType } from '../../../src/agents/types.ts';

/**
 * Reports of the real agents: tools, questions refused and answered, 401, 429, Escape, a new session, quit. Behind
 * `-more`: two tools at once, a sub-agent, compaction, what was used.
 */
function readRecording(type: AgentType, more = ''): readonly AgentEvent[] {
  const file = new URL(`../../../fixtures/reports/${type.name}${more}.txt`, import.meta.url);
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

describe('the second recordings', () => {
  test('pi', () => {
    expect(tell(readRecording(pi, '-more'))).toMatchInlineSnapshot(`
      "ready
      prompt "SC-TOOL echo hi"
      busy
      tool "bash" "echo hi"
      tool-end "bash"
      usage {"input":1000,"output":20,"cacheRead":0,"cacheWrite":0,"context":1021,"contextSize":128000}
      usage {"input":2000,"output":40,"cacheRead":0,"cacheWrite":0,"context":1020,"contextSize":128000}
      turn-end "tool said: hi"
      prompt "SC-BOTH sleep 1; echo a | sleep 2; echo b"
      busy
      tool "bash" "sleep 1; echo a"
      tool "bash" "sleep 2; echo b"
      tool-end "bash"
      tool-end "bash"
      usage {"input":3000,"output":60,"cacheRead":0,"cacheWrite":0,"context":1022,"contextSize":128000}
      usage {"input":4000,"output":80,"cacheRead":0,"cacheWrite":0,"context":1020,"contextSize":128000}
      turn-end "tool said: b"
      prompt "SC-401 now"
      busy
      usage {"input":4000,"output":80,"cacheRead":0,"cacheWrite":0,"context":1023,"contextSize":128000}
      error "401 mock error 401" false
      prompt "SC-429 now"
      busy
      usage {"input":4000,"output":80,"cacheRead":0,"cacheWrite":0,"context":1026,"contextSize":128000}
      error "429 mock error 429" true
      busy
      usage {"input":4000,"output":80,"cacheRead":0,"cacheWrite":0,"context":1026,"contextSize":128000}
      error "interrupted" false
      prompt "SC-HANG now"
      busy
      usage {"input":4000,"output":80,"cacheRead":0,"cacheWrite":0,"context":1029,"contextSize":128000}
      error "interrupted" false
      tool "compaction" ""
      tool-end "compaction"
      turn-end ""
      ready
      prompt "SC-ECHO another"
      busy
      usage {"input":1000,"output":20,"cacheRead":0,"cacheWrite":0,"context":1020,"contextSize":128000}
      turn-end "answer to another""
    `);
  });
  test('opencode', () => {
    expect(tell(readRecording(opencode, '-more'))).toMatchInlineSnapshot(`
      "ready
      prompt "SC-TOOL echo hi"
      busy
      tool "bash" "echo hi"
      tool-end "bash"
      busy
      usage {"input":1000,"output":20,"cacheRead":0,"cacheWrite":0,"context":1020}
      busy
      turn-end "tool said: hi"
      usage {"input":2000,"output":40,"cacheRead":0,"cacheWrite":0,"context":1020}
      prompt "SC-BOTH sleep 1; echo a | sleep 2; echo b"
      busy
      tool "bash" "sleep 1; echo a"
      tool "bash" "sleep 2; echo b"
      tool-end "bash"
      tool-end "bash"
      busy
      usage {"input":3000,"output":60,"cacheRead":0,"cacheWrite":0,"context":1020}
      busy
      turn-end "tool said: b"
      usage {"input":4000,"output":80,"cacheRead":0,"cacheWrite":0,"context":1020}
      prompt "SC-TASK SC-TOOL echo sub"
      busy
      tool "task" "A task"
      tool "bash" true "echo sub"
      tool-end "bash" true
      usage {"input":5000,"output":100,"cacheRead":0,"cacheWrite":0,"context":1020}
      tool-end "task"
      usage {"input":6000,"output":120,"cacheRead":0,"cacheWrite":0,"context":1020}
      busy
      usage {"input":7000,"output":140,"cacheRead":0,"cacheWrite":0,"context":1020}
      busy
      turn-end "task said: </task>"
      usage {"input":8000,"output":160,"cacheRead":0,"cacheWrite":0,"context":1020}
      prompt "SC-ASK rm -rf build"
      busy
      tool "bash" "rm -rf build"
      ask "approval" "bash: rm -rf build"
      answered
      tool-end "bash"
      busy
      usage {"input":9000,"output":180,"cacheRead":0,"cacheWrite":0,"context":1020}
      busy
      turn-end "tool said: (no output)"
      usage {"input":10000,"output":200,"cacheRead":0,"cacheWrite":0,"context":1020}
      prompt "SC-ASK rm -rf build"
      busy
      tool "bash" "rm -rf build"
      ask "approval" "bash: rm -rf build"
      answered
      tool-end "bash"
      turn-end ""
      usage {"input":11000,"output":220,"cacheRead":0,"cacheWrite":0,"context":1020}
      prompt "SC-401 now"
      busy
      error "401 mock error 401" false
      prompt "SC-429 now"
      busy
      error "mock error 429" true
      busy
      error "mock error 429" true
      busy
      error "mock error 429" true
      busy
      error "mock error 429" true
      busy
      error "mock error 429" true
      turn-end ""
      prompt "SC-HANG now"
      busy
      error "interrupted" false
      busy
      tool "compaction" ""
      busy
      tool-end "compaction"
      busy
      turn-end ""
      usage {"input":12000,"output":240,"cacheRead":0,"cacheWrite":0,"context":1020}
      ready
      prompt "SC-ECHO another"
      busy
      turn-end "answer to another"
      usage {"input":1000,"output":20,"cacheRead":0,"cacheWrite":0,"context":1020}"
    `);
  });
  test('claude', () => {
    expect(tell(readRecording(claude, '-more'))).toMatchInlineSnapshot(`
      "ready
      prompt "SC-TOOL echo hi"
      busy
      tool "Bash" "echo hi"
      tool-end "Bash"
      turn-end "tool said: hi"
      usage {"input":1000,"output":20,"cacheRead":0,"cacheWrite":0,"context":1020}
      usage {"input":2000,"output":40,"cacheRead":0,"cacheWrite":0,"context":1020}
      prompt "SC-BOTH sleep 1; echo a | sleep 2; echo b"
      busy
      tool "Bash" "sleep 1; echo a"
      tool "Bash" "sleep 2; echo b"
      tool-end "Bash"
      tool-end "Bash"
      turn-end "tool said: b"
      usage {"input":4000,"output":80,"cacheRead":0,"cacheWrite":0,"context":1020}
      usage {"input":4000,"output":80,"cacheRead":0,"cacheWrite":0,"context":1020}
      prompt "SC-TASK SC-TOOL echo sub"
      busy
      tool "Agent" "A task"
      tool "Bash" true "echo sub"
      tool-end "Bash" true
      tool-end "Agent"
      usage {"input":7000,"output":140,"cacheRead":0,"cacheWrite":0,"context":1020}
      turn-end "task said: duration_ms: 2351</usage>"
      usage {"input":8000,"output":160,"cacheRead":0,"cacheWrite":0,"context":1020}
      usage {"input":8000,"output":160,"cacheRead":0,"cacheWrite":0,"context":1020}
      prompt "SC-ASK rm -rf build"
      busy
      tool "Bash" "rm -rf build"
      ask "approval" "Bash: rm -rf build" "Bash"
      tool-end "Bash"
      turn-end "tool said: (Bash completed with no output)"
      usage {"input":10000,"output":200,"cacheRead":0,"cacheWrite":0,"context":1020}
      usage {"input":10000,"output":200,"cacheRead":0,"cacheWrite":0,"context":1020}
      prompt "SC-ASK rm -rf build"
      busy
      tool "Bash" "rm -rf build"
      ask "approval" "Bash: rm -rf build" "Bash"
      prompt "SC-400 now"
      busy
      turn-end "reply e8e8bbf5"
      usage {"input":12000,"output":240,"cacheRead":0,"cacheWrite":0,"context":1020}
      prompt "SC-429 now"
      busy
      prompt "SC-HANG now"
      busy
      ready
      prompt "SC-ECHO another"
      busy
      turn-end "answer to another"
      usage {"input":1000,"output":20,"cacheRead":0,"cacheWrite":0,"context":1020}"
    `);
  });
  test('codex', () => {
    expect(tell(readRecording(codex, '-more'))).toMatchInlineSnapshot(`
      "ready
      prompt "SC-TOOL echo hi"
      busy
      tool "Bash" "echo hi"
      tool-end "Bash"
      usage {"input":1000,"output":20,"cacheRead":0,"context":1020,"contextSize":258400}
      turn-end "tool said: hi"
      usage {"input":2000,"output":40,"cacheRead":0,"context":1020,"contextSize":258400}
      prompt "SC-BOTH sleep 1; echo a | sleep 2; echo b"
      busy
      tool "Bash" "sleep 2; echo b"
      tool "Bash" "sleep 1; echo a"
      tool-end "Bash"
      tool-end "Bash"
      usage {"input":3000,"output":60,"cacheRead":0,"context":1020,"contextSize":258400}
      turn-end "tool said: b"
      usage {"input":4000,"output":80,"cacheRead":0,"context":1020,"contextSize":258400}
      prompt "SC-ASK rm -rf build"
      busy
      tool "Bash" "rm -rf build"
      ask "approval" "Bash: rm -rf build" "Bash"
      tool-end "Bash"
      usage {"input":5000,"output":100,"cacheRead":0,"context":1020,"contextSize":258400}
      turn-end "tool said: Output:"
      usage {"input":6000,"output":120,"cacheRead":0,"context":1020,"contextSize":258400}
      prompt "SC-ASK rm -rf build"
      busy
      tool "Bash" "rm -rf build"
      ask "approval" "Bash: rm -rf build" "Bash"
      error "interrupted" false
      prompt "SC-401 now"
      busy
      error "401 Unauthorized: mock error 401" true
      error "401 Unauthorized: mock error 401" true
      error "401 Unauthorized: mock error 401" true
      error "401 Unauthorized: mock error 401" true
      error "401 Unauthorized: mock error 401" true
      error "401 Unauthorized: mock error 401" true
      prompt "SC-429 now"
      busy
      error "429 Too Many Requests" true
      error "429 Too Many Requests" true
      error "429 Too Many Requests" true
      error "429 Too Many Requests" true
      error "429 Too Many Requests" true
      error "429 Too Many Requests" true
      prompt "SC-HANG now"
      busy
      error "interrupted" false
      tool "compaction" ""
      tool-end "compaction"
      turn-end ""
      ready
      prompt "SC-ECHO another"
      busy
      turn-end "answer to another"
      usage {"input":1000,"output":20,"cacheRead":0,"context":1020,"contextSize":258400}"
    `);
  });
});

describe('parseReport on recordings of the real agents', () => {
  test('pi', () => {
    expect(tell(readRecording(pi))).toMatchInlineSnapshot(`
      "ready
      prompt "TOOL please: a \\"quote\\"; ünïcode\\n  second line"
      busy
      tool "bash" "echo tool-ran"
      tool-end "bash"
      turn-end "The tool is done."
      prompt "E401 now"
      busy
      error "401 invalid key" false
      prompt "E429 now"
      busy
      error "429 Rate limited" true
      busy
      error "429 Rate limited" true
      busy
      error "429 Rate limited" true
      busy
      error "429 Rate limited" false
      prompt "SLEEP now"
      busy
      tool "bash" "sleep 20"
      tool-end "bash"
      error "interrupted" false
      ready
      prompt "hello there"
      busy
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
