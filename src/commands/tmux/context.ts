import type { AgentTypes } from '../../config/agent-types.ts';
import type { Clock } from '../../system/clock.ts';
import type { Environment } from '../../system/paths.ts';
import type { RunProcess } from '../../system/process.ts';
import { TmuxClient } from '../../tmux/client.ts';

/** Everything the commands of adr-tmux reach the world through. */
export interface TmuxContext {
  readonly tmux: TmuxClient;
  readonly clock: Clock;
  readonly run: RunProcess;
  readonly env: Environment;
  readonly cwd: string;
  readonly types: AgentTypes;
  readonly version: string;
  /** argv that starts `adr`: the one beside this program, or `ADR_BIN`. */
  readonly adrCommand: readonly string[];
  /** argv that starts this program again (the monitor). */
  readonly ownCommand: readonly string[];
}

/** The tmux server to talk to: `--socket NAME`, else `ADR_TMUX_SOCKET`, else the one this terminal is in, else the default. */
export function openTmux(socket: string | undefined, env: Environment, run: RunProcess): TmuxClient {
  return new TmuxClient({ socket: socket ?? (env.ADR_TMUX_SOCKET || undefined), run, env });
}
