import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { findAgentType } from '../../../src/agents/registry.ts';
import type { AgentType } from '../../../src/agents/types.ts';
import { findConversation, planTranscripts } from '../../../src/container/transcripts.ts';

let home: string;

beforeEach(() => {
  home = mkdtempSync(join(tmpdir(), 'adr-transcripts-'));
});
afterEach(() => rmSync(home, { recursive: true }));

function find(name: string): AgentType {
  const type = findAgentType(name);
  if (!type) throw new Error(name);
  return type;
}

function write(path: string, content = ''): void {
  mkdirSync(dirname(join(home, path)), { recursive: true });
  writeFileSync(join(home, path), content);
}

const uuid = '01a1fd7c-56d6-7872-9905-ea7e37377b02';

/** As the agents wrote them (pi 0.73.1, codex 0.169.0, opencode 1.18.33, claude 2.1.197). */
test.each([
  ['pi', `.pi/agent/sessions/--work--/2026-11-21T09-41-59-959Z_${uuid}.jsonl`, '', {}],
  ['pi', `moved/--work--/2026_${uuid}.jsonl`, '', { PI_CODING_AGENT_SESSION_DIR: 'moved' }],
  ['pi', `agent/sessions/--work--/2026_${uuid}.jsonl`, '', { PI_CODING_AGENT_DIR: 'agent' }],
  ['codex', `.codex/sessions/2026/11/21/rollout-2026-11-21T09-42-26-${uuid}.jsonl`, '', {}],
  ['codex', `cx/sessions/2026/11/21/rollout-${uuid}.jsonl`, '', { CODEX_HOME: 'cx' }],
  ['claude', `.claude/projects/-work/${uuid}.jsonl`, '', {}],
  ['claude', `cc/projects/-work/${uuid}.jsonl`, '', { CLAUDE_CONFIG_DIR: 'cc' }],
  ['opencode', '.local/share/opencode/opencode.db-wal', `\0\xff ${uuid}\0`, {}],
  ['opencode', 'data/opencode/opencode.db', `\0\xff ${uuid}\0`, { XDG_DATA_HOME: 'data' }],
  ['opencode', 'oc/own.db', uuid, { OPENCODE_DB: 'oc/own.db' }],
])('%s keeps its conversations on the host in %s', async (name, path, content, moved) => {
  const env = Object.fromEntries(Object.entries(moved).map(([key, value]) => [key, join(home, value)]));
  const place = { place: 'host' as const, env: { HOME: home, ...env }, args: [], kept: join(home, 'kept') };
  expect(await findConversation(find(name), place, uuid)).toBe('gone');
  write(path, content);
  expect(await findConversation(find(name), place, uuid)).toBe('there');
  expect(await findConversation(find(name), place, uuid.replace('01a', '02b'))).toBe('gone');
  expect(await findConversation(find(name), { ...place, place: 'container' }, uuid)).toBe('gone');
});

test('in a container the session keeps them, links are not followed', async () => {
  const place = { place: 'container' as const, env: { HOME: home }, args: [], kept: join(home, 'kept') };
  write(`outside/${uuid}.jsonl`);
  mkdirSync(join(home, 'kept'));
  symlinkSync(join(home, 'outside'), join(home, 'kept/-workspace'));
  expect(await findConversation(find('claude'), place, uuid)).toBe('gone');
  write(`kept/-more/${uuid}.jsonl`);
  expect(await findConversation(find('claude'), place, uuid)).toBe('there');
});

test('what an agent calls its conversation is no option and no path; the user’s own choice counts', async () => {
  const place = { place: 'host' as const, env: { HOME: home }, args: [], kept: '' };
  write('.claude/projects/-work/--dangerously-skip-permissions.jsonl');
  write(`.claude/projects/-work/${uuid}.jsonl`);
  for (const id of ['--dangerously-skip-permissions', '../x', '', 'a b', '-work']) {
    expect(await findConversation(find('claude'), place, id)).toBe('gone');
  }
  for (const args of [['--continue'], ['--resume=x']])
    expect(await findConversation(find('claude'), { ...place, args }, uuid)).toBe('chosen');
});

test('where a run keeps them: of a session’s agents in containers, and of the demo agent', () => {
  const run = { sessionId: '0123456789ab', fromSession: true, env: { HOME: '/h' } };
  const source = '/h/.local/state/adr/transcripts/0123456789ab/main';
  const target = '/home/node/.adr-transcripts';
  expect(planTranscripts(find('claude'), 'container', run, 'main')).toEqual({
    source,
    target,
    link: { path: '.claude/projects', target },
  });
  expect(planTranscripts(find('opencode'), 'container', run, 'main')).toEqual({
    source,
    target,
    link: undefined,
  });
  expect(planTranscripts(find('demo'), 'host', run, 'main')).toEqual({
    source,
    target: source,
    link: undefined,
  });
  expect(planTranscripts(find('codex'), 'host', run, 'main')).toBeUndefined();
  expect(planTranscripts(find('codex'), 'container', { ...run, fromSession: false }, 'main')).toBeUndefined();
});
