import { DETACH_KEYS } from '../../container/create-argv.ts';
import { findSignalCode } from '../../container/ending.ts';
import type { Engine } from '../../container/engine.ts';
import { nameRun } from '../../container/find-run.ts';
import type { RunSummary } from '../../container/runs.ts';
import { wrapWithOwnSecrets } from '../../container/secret-variables.ts';
import { AdrError } from '../../errors.ts';
import { startProcess } from '../../system/long-process.ts';
import { listenForSignals } from '../../system/signals.ts';

/** bash where the image has one. */
const SHELL = ['sh', '-c', 'if command -v bash >/dev/null 2>&1; then exec bash; else exec sh; fi'];

export interface ExecRequest {
  readonly run: RunSummary;
  /** Empty: a shell. */
  readonly command: readonly string[];
  /** stdin and stdout are a terminal. */
  readonly terminal: boolean;
}

/**
 * The arguments that run a command beside the agent: as its user, with its environment and its secret variables (out
 * of the file that the agent had them from: they stand in no argv), in its workspace.
 */
export function buildExecArgs({ run, command, terminal }: ExecRequest): readonly string[] {
  const { container } = run;
  if (!container) {
    throw new AdrError('USAGE', `${nameRun(run)} runs on this host: there is no container to enter`, {
      hint: `its workspace: ${run.workspace}`,
    });
  }
  if (container.state !== 'running') {
    throw new AdrError(
      'AGENT_EXITED',
      `the container of ${nameRun(run)} is not running: ${container.state}`,
      {
        hint: 'remove what is left of it: adr clean',
      },
    );
  }
  return [
    ...['exec', '--interactive', ...(terminal ? ['--tty'] : []), '--detach-keys', DETACH_KEYS],
    container.id,
    ...wrapWithOwnSecrets(command.length === 0 ? SHELL : command),
  ];
}

/**
 * Runs a command in a running container and gives its exit code. Signals to us are handed on; a Ctrl+C in the terminal
 * is the command's. Throws USAGE (no container), AGENT_EXITED.
 */
export async function execInRun(engine: Engine | undefined, request: ExecRequest): Promise<number> {
  const args = buildExecArgs(request);
  if (!engine) throw new Error('a container stands on an engine');
  const client = startProcess(engine.program, args, { env: engine.env });
  const unlisten = listenForSignals(['SIGINT', 'SIGTERM', 'SIGHUP'], (signal) => {
    if (signal !== 'SIGINT') client.kill(signal);
  });
  try {
    const { exitCode, signal } = await client.ended;
    return exitCode ?? findSignalCode(signal ?? 'SIGTERM');
  } finally {
    unlisten();
  }
}
