import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { foldEvent, hasOpenFacts, NO_FACTS, type OpenFacts } from '../../../src/activity/fold-events.ts';
import { parseReportLine } from '../../../src/activity/read-reports.ts';
import { findAgentType } from '../../../src/agents/registry.ts';
import type { AgentEvent } from '../../../src/agents/types.ts';

type Told<E> = E extends AgentEvent ? Omit<E, 'at'> : never;

/** The facts after these events, one a second. */
function fold(...events: readonly Told<AgentEvent>[]): OpenFacts {
  return events
    .map((event, at) => ({ ...event, at: (at + 1) * 1000 }) as AgentEvent)
    .reduce(foldEvent, NO_FACTS);
}

const prompt = { kind: 'prompt', text: 'do it' } as const;
const over = { kind: 'turn-end', message: '' } as const;
const tool = (id: string, input = id) => ({ kind: 'tool', name: 'Bash', id, input }) as const;
const ended = (id: string) => ({ kind: 'tool-end', name: 'Bash', id }) as const;
const ask = { kind: 'ask', question: 'approval', what: 'Bash: rm', tool: 'Bash' } as const;
const inputs = ({ tools }: OpenFacts) => tools.map(({ input }) => input);

describe('several tools at once', () => {
  test('the one that ended is the one of that id', () => {
    expect(inputs(fold(prompt, tool('a'), tool('b'), ended('b')))).toEqual(['a']);
    expect(inputs(fold(prompt, tool('a'), tool('b'), ended('a')))).toEqual(['b']);
    expect(inputs(fold(prompt, tool('a'), ended('x')))).toEqual(['a']);
    expect(inputs(fold(prompt, tool('a'), { kind: 'tool-end', name: 'Bash' }))).toEqual([]);
  });

  test('more than are remembered are still counted', () => {
    const ids = Array.from({ length: 9 }, (_, at) => `t${at}`);
    const all = fold(prompt, ...ids.map((id) => tool(id)));
    expect([all.tools.length, all.olderTools]).toEqual([6, 3]);
    const newest = fold(prompt, ...ids.map((id) => tool(id)), ...ids.slice(3).map(ended));
    expect([newest.tools.length, newest.olderTools]).toEqual([0, 3]);
    const none = fold(prompt, ...ids.map((id) => tool(id)), ...ids.map(ended));
    expect([none.tools.length, none.olderTools]).toEqual([0, 0]);
  });

  test('a question stands until the tool that asks has ended', () => {
    expect(fold(prompt, tool('a'), ask, tool('b'), ended('b')).question?.what).toBe('Bash: rm');
    expect(fold(prompt, tool('a'), ask, tool('b'), ended('a')).question).toBeUndefined();
    expect(fold(prompt, tool('a'), ask, { kind: 'tool-end', name: 'Read' }).question?.what).toBe('Bash: rm');
  });

  test('what is asked without words does not replace the words', () => {
    const again = { kind: 'ask', question: 'approval', what: '' } as const;
    expect(fold(prompt, tool('a'), ask, again).question).toMatchObject({ what: 'Bash: rm', at: 3000 });
    expect(fold(prompt, again).question).toMatchObject({ what: '' });
  });
});

describe('sub-agents', () => {
  const below = { ...tool('s'), subagent: true } as const;

  test('their tools count in a turn and open none', () => {
    expect(inputs(fold(prompt, tool('task'), below))).toEqual(['task', 's']);
    const background = fold(prompt, over, below);
    expect([background.turn, background.tools.length]).toEqual(['over', 0]);
  });

  test('their question is the agent’s', () => {
    const asked = fold(prompt, over, { ...ask, subagent: true });
    expect([asked.turn, asked.question?.what]).toEqual(['over', 'Bash: rm']);
    expect(hasOpenFacts(asked)).toBe(true);
  });
});

describe('conversations', () => {
  const a = { conversation: 'a' };
  const b = { conversation: 'b' };
  const spent = { kind: 'usage', usage: { input: 5, context: 7 } } as const;

  test('another one begins with nothing open and nothing used', () => {
    const before = fold({ ...prompt, ...a }, { ...tool('x'), ...a }, { ...spent, ...a });
    expect(before).toMatchObject({ conversation: 'a', usage: { input: 5 }, turn: 'open' });
    for (const first of [{ kind: 'ready' } as const, prompt]) {
      const next = foldEvent(before, { ...first, ...b, at: 9000 });
      expect(next).toMatchObject({
        conversation: 'b',
        tools: [],
        turn: first.kind === 'ready' ? 'over' : 'open',
      });
      expect(next.usage).toBeUndefined();
    }
  });

  test('what the last one still tells ends nothing here', () => {
    const facts = fold({ ...prompt, ...a }, { ...prompt, ...b });
    for (const late of [over, { kind: 'end' } as const, spent, tool('x')]) {
      expect(foldEvent(facts, { ...late, ...a, at: 9000 } as AgentEvent)).toEqual(facts);
    }
    expect(foldEvent(facts, { ...ask, ...a, at: 9000 }).question?.what).toBe('Bash: rm');
  });

  test('one whose beginning was not told takes over when this one rests', () => {
    expect(fold({ ...prompt, ...a }, { ...over, ...a }, { kind: 'busy', ...b })).toMatchObject({
      conversation: 'b',
      turn: 'open',
    });
  });

  test('use is no sign of life: it moves no time and opens nothing', () => {
    const facts = fold({ ...prompt, ...a }, { ...over, ...a }, { ...spent, ...a });
    expect(facts).toMatchObject({ turn: 'over', reportedAt: 2000, usage: { input: 5, context: 7 } });
    expect(foldEvent(facts, { ...a, at: 9, kind: 'usage', usage: { input: 6 } }).usage).toEqual({
      input: 6,
      context: 7,
    });
  });
});

describe('a version that lacks an event', () => {
  const lineOf = (type: string) =>
    readFileSync(new URL(`../../../fixtures/reports/${type}.txt`, import.meta.url), 'utf8')
      .trimEnd()
      .split('\n');
  const nameOf = (body: unknown) => {
    const { type, hook_event_name: hook } = body as Record<string, unknown>;
    return `${type ?? hook}`;
  };
  const types = ['pi', 'opencode', 'claude', 'codex'].flatMap((type) => [
    [type, type] as const,
    [type, `${type}-more`] as const,
  ]);
  const cases = types.flatMap(([type, file]) => {
    const reports = lineOf(file).flatMap((line) => parseReportLine(line) ?? []);
    return [...new Set(reports.map(({ body }) => nameOf(body)))].map(
      (name) => [file, name, type, reports] as const,
    );
  });

  test.each(cases)(
    '%s without %s: every turn that is told to end has ended',
    (_, missing, typeName, reports) => {
      const type = findAgentType(typeName);
      let facts = NO_FACTS;
      let ends = 0;
      for (const report of reports) {
        if (nameOf(report.body) === missing) continue;
        for (const event of type?.parseReport(report) ?? []) {
          facts = foldEvent(facts, event);
          if (event.kind === 'prompt' || event.kind === 'tool') expect(facts.turn).toBe('open');
          if (event.kind !== 'turn-end') continue;
          ends++;
          expect([facts.turn, facts.tools, facts.question]).toEqual(['over', [], undefined]);
        }
      }
      expect(ends).toBeGreaterThanOrEqual(['Stop', 'session.idle', 'agent_end'].includes(missing) ? 0 : 2);
    },
  );
});
