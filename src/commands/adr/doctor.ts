import type { AgentType } from '../../agents/types.ts';
import type { Engine } from '../../container/engine.ts';
import type { Environment } from '../../system/paths.ts';
import type { RunProcess } from '../../system/process.ts';
import type { TmuxClient } from '../../tmux/client.ts';
import { checkAgents } from './doctor-agents.ts';
import { checkEngine } from './doctor-engine.ts';
import { checkHost } from './doctor-host.ts';
import { checkTmux } from './doctor-tmux.ts';
import { checkTrees } from './doctor-trees.ts';

/** One thing that was looked at. */
export interface Finding {
  readonly area: 'adr' | 'tmux' | 'engine' | 'images' | 'agents' | 'leftovers' | 'terminal';
  /** `warning` and `error` are wrong; a `note` is worth knowing. */
  readonly level: 'ok' | 'note' | 'warning' | 'error';
  readonly message: string;
  /** The next command to type, or what to change. */
  readonly fix?: string;
}

export interface DoctorTools {
  readonly env: Environment;
  readonly run: RunProcess;
  readonly tmux: TmuxClient;
  readonly engine: Engine;
  readonly types: readonly AgentType[];
  readonly version: string;
  /** stdout is a terminal of this size; undefined: it is none. */
  readonly terminal: { readonly columns: number; readonly rows: number } | undefined;
}

/** Looks at everything adr stands on. Changes nothing and never reads what a credential file holds. */
export async function examine(tools: DoctorTools): Promise<readonly Finding[]> {
  const areas = await Promise.all([
    checkHost(tools),
    checkTmux(tools),
    checkEngine(tools),
    checkAgents(tools),
    checkTrees(tools),
  ]);
  return areas.flat();
}

/** Whether something is wrong. */
export function isWrong({ level }: Finding): boolean {
  return level === 'warning' || level === 'error';
}
