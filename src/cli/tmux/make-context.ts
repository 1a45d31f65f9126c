import { join } from 'node:path';
import { openTmux, type TmuxContext } from '../../commands/tmux/context.ts';
import { openAgentTypes } from '../../config/agent-types.ts';
import { systemClock } from '../../system/clock.ts';
import { findPackageRoot } from '../../system/package-root.ts';
import { runProcess } from '../../system/process.ts';
import type { CommandContext } from '../command.ts';

/** What the commands of adr-tmux work with, from the command line and this process. */
export function makeTmuxContext(context: CommandContext): TmuxContext {
  const { env, version, args } = context;
  const bin = join(findPackageRoot(), 'bin');
  return {
    tmux: openTmux(args.string('socket'), env, runProcess),
    clock: systemClock,
    run: runProcess,
    env,
    cwd: process.cwd(),
    types: openAgentTypes(env),
    version,
    // Without "--" Node 20 reads an --env-file among our arguments into its own environment, NODE_OPTIONS included.
    adrCommand: env.ADR_BIN ? [env.ADR_BIN] : [process.execPath, '--', join(bin, 'adr.js')],
    ownCommand: [process.execPath, '--', join(bin, 'adr-tmux.js')],
  };
}
