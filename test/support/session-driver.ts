import { mkdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { execa } from 'execa';
import type { AgentUsage } from '../../src/agents/types.ts';
import { type makeScratch, type ProgramResult, runProgram } from './program.ts';
import { waitFor } from './tmux-server.ts';

export interface StatusAgent {
  readonly agent: string;
  readonly type: string;
  readonly state: string;
  readonly reason: string;
  readonly witness: string;
  readonly run: string;
  readonly exit?: number | null;
  readonly question?: { readonly kind: string; readonly what: string };
  readonly conversation?: string;
  readonly usage?: AgentUsage;
}

export interface SessionDriver {
  readonly home: string;
  readonly workspace: string;
  readonly env: Readonly<Record<string, string>>;
  run(...args: readonly string[]): Promise<ProgramResult>;
  readAgents(session: string): Promise<readonly StatusAgent[]>;
  waitForState(session: string, agent: string, state: string, ms?: number): Promise<StatusAgent>;
  /** Lines of the agent's report file, as they were written. */
  readReports(run: string): string;
}

/** Uses `adr-tmux` as a user with this HOME would, on a tmux server of the test's own. */
export function driveSessions(
  scratch: ReturnType<typeof makeScratch>,
  socket: string,
  more: Readonly<Record<string, string>> = {},
): SessionDriver {
  const home = scratch.path;
  const workspace = join(home, 'work');
  mkdirSync(workspace, { recursive: true });
  const env = {
    HOME: home,
    XDG_STATE_HOME: '',
    XDG_CONFIG_HOME: '',
    TMUX: '',
    ADR_TMUX_SOCKET: socket,
    ...more,
  };
  const run = (...args: readonly string[]): Promise<ProgramResult> =>
    runProgram('adr-tmux', args, { env, cwd: workspace });
  const readAgents = async (session: string): Promise<readonly StatusAgent[]> => {
    const { stdout } = await run('status', session, '--json');
    return (JSON.parse(stdout) as { sessions: { agents: StatusAgent[] }[] }).sessions[0]?.agents ?? [];
  };
  return {
    home,
    workspace,
    env,
    run,
    readAgents,
    waitForState: (session, agent, state, ms = 40_000) =>
      waitFor(
        `${agent} ${state}`,
        async () =>
          (await readAgents(session)).find((entry) => entry.agent === agent && entry.state === state),
        ms,
      ),
    readReports: (id) => readFileSync(join(home, '.local/state/adr/runs', id, 'reports'), 'utf8'),
  };
}

/** Containers of one adr session that the engine knows, running or not. */
export async function listContainers(sessionId: string): Promise<readonly string[]> {
  const { stdout } = await execa('docker', [
    ...['ps', '-a', '--filter', `label=adr.session-id=${sessionId}`, '--format', '{{.Names}}'],
  ]);
  return stdout.split('\n').filter((name) => name !== '');
}
