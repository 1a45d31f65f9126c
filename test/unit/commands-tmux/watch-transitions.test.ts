import { describe, expect, test } from 'vitest';
import { findAgentType } from '../../../src/agents/registry.ts';
import { cutSnippet } from '../../../src/commands/tmux/watch-snippet.ts';
import { findTransitions } from '../../../src/commands/tmux/watch-transitions.ts';
import { formatTransitionJson, formatTransitionLine } from '../../../src/output/print-transitions.ts';
import { loadRecording } from '../activity/recordings.ts';
import { makeAgent, makeSnapshot, NOW } from '../ui/watched.ts';

const idle = makeAgent('main', { state: 'IDLE', reason: '' });
const other = makeAgent('other');
const find = (before: Parameters<typeof makeSnapshot>[0] | undefined, now: readonly (typeof idle)[]) =>
  findTransitions(before && makeSnapshot(before), makeSnapshot(now)).map(
    ({ agent, from, to }) => `${agent.agent} ${from ?? '-'} ${to}`,
  );

describe('transitions', () => {
  test('each agent once at the start, then only what changed', () => {
    expect(find(undefined, [idle, other])).toEqual(['main - IDLE', 'other - RUNNING']);
    expect(find([idle, other], [idle, { ...other, snippet: 'more', reason: 'Bash: x' }])).toEqual([]);
    expect(find([idle, other], [{ ...idle, state: 'RUNNING' }, other])).toEqual(['main IDLE RUNNING']);
  });

  test('another question is a change', () => {
    const ask = (what: string) =>
      makeAgent('main', { state: 'WAITING', question: { kind: 'approval', what } });
    expect(find([ask('ls')], [ask('ls')])).toEqual([]);
    expect(find([ask('ls')], [ask('rm')])).toEqual(['main WAITING WAITING']);
  });

  test('agents come and go; one restarted is another', () => {
    expect(find([idle, other], [idle])).toEqual(['other RUNNING GONE']);
    expect(find([idle], [idle, other])).toEqual(['other - RUNNING']);
    expect(find([idle], [{ ...idle, run: 'next' }])).toEqual(['main IDLE GONE', 'main - IDLE']);
  });
});

describe('lines', () => {
  const at = new Date(2026, 0, 5, 12, 34, 56).getTime();
  const transition = { at, agent: idle, from: undefined, to: 'IDLE' } as const;

  test('first, changed, asking, ended, gone', () => {
    const question = { kind: 'approval', what: 'rm -rf build' } as const;
    const lines = [
      { ...transition, agent: { ...idle, snippet: 'all done' } },
      { ...transition, agent: makeAgent('main', { reason: 'Bash: npm test' }), from: 'IDLE', to: 'RUNNING' },
      {
        ...transition,
        agent: makeAgent('main', { state: 'WAITING', question }),
        from: 'RUNNING',
        to: 'WAITING',
      },
      { ...transition, agent: makeAgent('main', { state: 'EXITED', exit: 3 }), from: 'IDLE', to: 'EXITED' },
      { ...transition, from: 'IDLE', to: 'GONE' },
    ] as const;
    expect(lines.map(formatTransitionLine).join('')).toMatchInlineSnapshot(`
      "12:34:56 refactor/main IDLE  all done
      12:34:56 refactor/main IDLE -> RUNNING (Bash: npm test)
      12:34:56 refactor/main RUNNING -> WAITING (rm -rf build)
      12:34:56 refactor/main IDLE -> EXITED (exit code 3)
      12:34:56 refactor/main IDLE -> GONE
      "
    `);
  });

  test('one line each, and nothing in it that steers a terminal', () => {
    const evil = 'a\x1b[2J\nb\x9b3J\u202ec\r\x07';
    const agent = makeAgent('main', { reason: evil, snippet: evil });
    const line = formatTransitionLine({ ...transition, agent, to: 'RUNNING' });
    expect(line).toMatch(/^[^\x00-\x1f\x7f-\x9f\u202e]+\n$/);
    expect(JSON.parse(formatTransitionJson({ ...transition, agent, to: 'RUNNING' }))).toMatchObject({
      reason: 'a bc',
      snippet: 'a bc',
    });
  });

  test('as JSON', () => {
    const agent = makeAgent('main', { state: 'EXITED', exit: null, reason: 'exit code unknown' });
    const json = formatTransitionJson({ at: NOW, agent, from: 'RUNNING', to: 'EXITED' });
    expect(json).toMatchInlineSnapshot(`
      "{"v":1,"at":1767616496000,"session":"refactor","agent":"main","type":"pi","from":"RUNNING","to":"EXITED","reason":"exit code unknown","question":null,"exit":null,"snippet":""}
      "
    `);
  });
});

describe('snippets', () => {
  test.each([
    ['claude/done', 'word298 word299 | ✻ Baked for 0s'],
    ['claude/hang', '/workspace | ❯ SC-HANG please'],
    ['codex/done', 'word298 word299 | Worked for <1s • 15:59'],
    ['codex/429', 'request id: req-nqVpwBhqBnxzcQDK'],
    ['opencode/done', 'word298 word299 | Build · m1 · 1.8s'],
    ['opencode/tool', 'sleep 300 | Build · m1'],
    ['pi/done', 'word297 | word298 word299'],
    ['pi/tool', 'SC-TOOL please | $ sleep 300'],
  ])('%s: what it said last, without composer, footer and spinner', (name, end) => {
    const { agent, frames } = loadRecording(`${name}-120x40.json`);
    const snippet = cutSnippet(findAgentType(agent)?.signs, frames.at(-3)?.screen ?? '');
    expect(snippet.slice(-end.length)).toBe(end);
  });

  test('of an unknown type the last lines with words', () => {
    expect(cutSnippet(undefined, 'first\n\nsecond ──────\n│ third │\n───\n>\n\n')).toBe('second | third');
  });

  test('the line tmux writes on a dead pane is not its last word', () => {
    expect(cutSnippet(undefined, 'bye now\nPane is dead (status 3, Sat Nov 21 03:13:21 2026)')).toBe(
      'bye now',
    );
  });
});
