import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { parseReportLine } from '../../../src/activity/read-reports.ts';
import { opencode } from '../../../src/agents/opencode/opencode.ts';
import { OPENCODE_REPORTER } from '../../../src/agents/opencode/reporter.ts';
import { pi } from '../../../src/agents/pi/pi.ts';
import { PI_REPORTER } from '../../../src/agents/pi/reporter.ts';
import type { AgentType } from '../../../src/agents/types.ts';

type Handler = (...args: unknown[]) => unknown;

let folder = '';
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'adr-reporter-'));
  vi.stubEnv('ADR_REPORTS', folder);
});
afterEach(() => {
  vi.unstubAllEnvs();
  rmSync(folder, { recursive: true, force: true });
});

async function load(source: string): Promise<Record<string, Handler>> {
  const file = join(folder, 'reporter.mjs');
  writeFileSync(file, source);
  return await import(/* @vite-ignore */ pathToFileURL(file).href);
}

function readEvents(type: AgentType) {
  const lines = readFileSync(join(folder, 'reports'), 'utf8').trimEnd().split('\n');
  const reports = lines.map(parseReportLine).filter((report) => report !== undefined);
  expect(reports).toHaveLength(lines.length);
  return reports.flatMap((report) => type.parseReport(report)).map(({ at: _, ...event }) => event);
}

describe('opencode', () => {
  async function start() {
    const plugin = (await load(OPENCODE_REPORTER)).AdrReporter;
    const hooks = (await plugin?.()) as Record<string, Handler>;
    const emit = (type: string, properties: unknown) => hooks.event?.({ event: { type, properties } });
    return { hooks, emit };
  }

  test('the last text of the turn ends it, once', async () => {
    const { hooks, emit } = await start();
    await hooks['chat.message']?.(
      { sessionID: 's' },
      {
        parts: [
          { type: 'text', text: 'do\nit' },
          { type: 'text', text: 'hidden', synthetic: true },
          { type: 'file' },
        ],
      },
    );
    await emit('session.status', { sessionID: 's', status: { type: 'busy' } });
    await emit('message.updated', { info: { role: 'assistant', id: 'm', sessionID: 's' } });
    await emit('message.part.updated', {
      part: { type: 'text', messageID: 'u', sessionID: 's', text: 'do it' },
    });
    await emit('message.part.updated', {
      part: { type: 'text', messageID: 'm', sessionID: 's', text: 'Do' },
    });
    await emit('message.part.updated', {
      part: { type: 'text', messageID: 'm', sessionID: 's', text: 'Done.' },
    });
    await emit('session.idle', { sessionID: 's' });
    await emit('session.idle', { sessionID: 's' });
    expect(readEvents(opencode)).toEqual([
      { kind: 'prompt', text: 'do\nit', conversation: 's' },
      { kind: 'busy', conversation: 's' },
      { kind: 'turn-end', message: 'Done.', conversation: 's' },
    ]);
  });

  test('an error is the end of its turn', async () => {
    const { emit } = await start();
    await emit('session.status', { sessionID: 's', status: { type: 'busy' } });
    await emit('session.error', {
      sessionID: 's',
      error: { name: 'APIError', data: { message: 'no', statusCode: 401 } },
    });
    await emit('session.idle', { sessionID: 's' });
    expect(readEvents(opencode).at(-1)).toMatchObject({ kind: 'error', message: '401 no', retrying: false });
  });

  test('stopped between two tries it was interrupted, though it reports no error', async () => {
    const { emit } = await start();
    for (const status of [{ type: 'busy' }, { type: 'retry', message: 'too fast' }])
      await emit('session.status', { sessionID: 's', status });
    await emit('session.idle', { sessionID: 's' });
    expect(readEvents(opencode).at(-1)).toMatchObject({
      kind: 'error',
      message: 'interrupted',
      retrying: false,
    });
  });

  test('a sub-agent’s turns are not the agent’s, its tools and questions are', async () => {
    const { hooks, emit } = await start();
    await emit('session.created', { info: { id: 'child', parentID: 's' } });
    await hooks['chat.message']?.({ sessionID: 'child' }, { parts: [{ type: 'text', text: 'sub' }] });
    await emit('session.status', { sessionID: 'child', status: { type: 'busy' } });
    await hooks['tool.execute.before']?.({ sessionID: 'child', tool: 'bash' }, { args: { command: 'ls' } });
    await emit('permission.asked', { sessionID: 'child', permission: 'bash', metadata: { command: 'ls' } });
    await emit('session.idle', { sessionID: 'child' });
    expect(readEvents(opencode)).toEqual([
      { kind: 'tool', name: 'bash', input: 'ls', conversation: 's', subagent: true },
      { kind: 'ask', question: 'approval', what: 'bash: ls', conversation: 's', subagent: true },
    ]);
  });

  test('what a conversation and its sub-agents used is one sum, told when it changes', async () => {
    const { hooks, emit } = await start();
    const spend = (id: string, input: number) =>
      emit('session.updated', {
        info: { id, cost: 0.5, tokens: { input, output: 2, reasoning: 1, cache: { read: 4, write: 0 } } },
      });
    await emit('session.created', { info: { id: 'child', parentID: 's' } });
    await hooks['chat.params']?.({ sessionID: 's', model: { limit: { context: 1000 } } });
    await emit('message.updated', {
      info: { role: 'assistant', id: 'm', sessionID: 's', tokens: { total: 17, input: 10, output: 3 } },
    });
    await emit('session.updated', { info: { id: 's', tokens: { input: 0, output: 0 } } });
    await spend('s', 10);
    await spend('s', 10);
    await spend('child', 5);
    const usage = readEvents(opencode).flatMap((event) => (event.kind === 'usage' ? [event.usage] : []));
    expect(usage).toEqual([
      { input: 10, output: 3, cacheRead: 4, cacheWrite: 0, context: 17, contextSize: 1000, cost: 0.5 },
      { input: 15, output: 6, cacheRead: 8, cacheWrite: 0, context: 17, contextSize: 1000, cost: 1 },
    ]);
  });

  test('a tool that fails has ended, a compaction is a tool', async () => {
    const { hooks, emit } = await start();
    await hooks['tool.execute.before']?.({ sessionID: 's', tool: 'bash', callID: 'c1' }, { args: {} });
    await emit('message.part.updated', {
      part: { type: 'tool', sessionID: 's', tool: 'bash', callID: 'c1', state: { status: 'error' } },
    });
    await hooks['experimental.session.compacting']?.({ sessionID: 's' });
    await emit('session.compacted', { sessionID: 's' });
    expect(readEvents(opencode).map((event) => `${event.kind} ${'name' in event ? event.name : ''}`)).toEqual(
      ['tool bash', 'tool-end bash', 'tool compaction', 'tool-end compaction'],
    );
  });

  test('never throws', async () => {
    const { hooks, emit } = await start();
    vi.stubEnv('ADR_REPORTS', join(folder, 'gone'));
    await emit('session.error', {});
    await emit('message.part.updated', {});
    await hooks['chat.message']?.({}, {});
    await hooks['tool.execute.before']?.({ tool: 'x' }, {});
    vi.stubEnv('ADR_REPORTS', undefined);
    await hooks['tool.execute.after']?.({ tool: 'x' });
  });
});

const getContextUsage = () => ({ tokens: 15, contextWindow: 1000 });

describe('pi', () => {
  async function start(more: object = {}) {
    const handlers: Record<string, Handler> = {};
    (await load(PI_REPORTER)).default?.({
      on: (name: string, handler: Handler) => (handlers[name] = handler),
    });
    const ctx = { sessionManager: { getSessionId: () => 'c', ...more }, getContextUsage };
    return (type: string, event: object = {}) => handlers[type]?.({ type, ...event }, ctx);
  }

  test('only the agent’s last message leaves', async () => {
    const emit = await start();
    emit('input', { text: 'do it', source: 'interactive' });
    emit('agent_end', {
      messages: [
        { role: 'assistant', content: [{ type: 'text', text: 'first' }], stopReason: 'toolUse' },
        { role: 'toolResult', content: [{ type: 'text', text: 'secret' }] },
        {
          role: 'assistant',
          content: [{ type: 'thinking' }, { type: 'text', text: 'last' }],
          stopReason: 'stop',
        },
      ],
    });
    expect(readEvents(pi)).toEqual([
      { kind: 'prompt', text: 'do it', conversation: 'c' },
      { kind: 'turn-end', message: 'last', conversation: 'c' },
    ]);
    expect(readFileSync(join(folder, 'reports'), 'utf8')).not.toContain('secret');
  });

  test('what the conversation used is the sum of its messages', async () => {
    const message = {
      role: 'assistant',
      usage: { input: 10, output: 5, cacheRead: 1, cost: { total: 0.25 } },
    };
    const entries = [{ type: 'message', message }, { type: 'model_change' }, { type: 'message', message }];
    const emit = await start({ getEntries: () => entries });
    emit('turn_end');
    const usage = {
      input: 20,
      output: 10,
      cacheRead: 2,
      cacheWrite: 0,
      cost: 0.5,
      context: 15,
      contextSize: 1000,
    };
    expect(readEvents(pi)).toEqual([{ kind: 'usage', usage, conversation: 'c' }]);
  });

  test('a compaction ends a turn only where none is open', async () => {
    const emit = await start();
    for (const name of ['input', 'session_before_compact', 'session_compact', 'agent_start', 'agent_end'])
      emit(name, { text: 'hello', messages: [] });
    emit('session_before_compact');
    emit('session_compact');
    expect(readEvents(pi).map(({ kind }) => kind)).toEqual([
      ...['prompt', 'tool', 'tool-end', 'busy', 'turn-end'],
      ...['tool', 'tool-end', 'turn-end'],
    ]);
  });

  test('the fourth failure in a row is the last', async () => {
    const emit = await start();
    const failure = {
      messages: [{ role: 'assistant', stopReason: 'error', errorMessage: '429 Rate limited' }],
    };
    for (let attempt = 0; attempt < 4; attempt++) emit('agent_end', failure);
    emit('input', { text: 'again', source: 'interactive' });
    emit('agent_end', failure);
    const retrying = readEvents(pi).map((event) => (event.kind === 'error' ? event.retrying : event.kind));
    expect(retrying).toEqual([true, true, true, false, 'prompt', true]);
  });

  test('never throws', async () => {
    const emit = await start();
    vi.stubEnv('ADR_REPORTS', undefined);
    for (const name of ['session_start', 'input', 'agent_end', 'tool_execution_start', 'unknown']) emit(name);
  });
});
