import type { WatchedAgent, WatchedSession, WatchSnapshot } from '../../../src/commands/tmux/watch.ts';

/** The time of every made-up snapshot. */
export const NOW = Date.UTC(2026, 0, 5, 12, 34, 56);

/** An agent of session `refactor`, at work since 5 s. */
export function makeAgent(name: string, more: Partial<WatchedAgent> = {}): WatchedAgent {
  return {
    session: 'refactor',
    agent: name,
    type: 'pi',
    run: `run-${name}`,
    pane: '%1',
    state: 'RUNNING',
    reason: 'model',
    witness: 'report',
    since: NOW - 5000,
    progressAt: NOW - 45_000,
    lookedAt: NOW,
    screen: '',
    snippet: '',
    ...more,
  };
}

/** A snapshot whose sessions are those of the agents. */
export function makeSnapshot(
  agents: readonly WatchedAgent[],
  more: Partial<WatchedSession> = {},
): WatchSnapshot {
  const names = [...new Set(agents.map(({ session }) => session))];
  return {
    at: NOW,
    agents,
    sessions: names.map((name) => ({
      name,
      id: `id-${name}`,
      workspace: '/home/ann/projects/myapp',
      engine: 'docker',
      createdAt: NOW - 754_000,
      attached: false,
      agents: agents.filter(({ session }) => session === name),
      ...more,
    })),
  };
}
