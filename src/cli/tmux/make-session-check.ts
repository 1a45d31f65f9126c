import { makeAgentCheck } from '../../commands/tmux/check-agents.ts';
import type { TmuxContext } from '../../commands/tmux/context.ts';
import type { CheckAgents } from '../../commands/tmux/wanted-agents.ts';
import { makeConfirmTrust } from '../adr/trust-question.ts';
import { askYesNo } from '../ask.ts';
import type { CommandContext } from '../command.ts';

/**
 * The check that agents of a session go through; asks the user where something is missing and he can be asked, unless it
 * only looks (`asks: false`).
 */
export function makeSessionCheck(
  context: CommandContext,
  tmuxContext: TmuxContext,
  { asks }: { readonly asks: boolean } = { asks: true },
): CheckAgents {
  const { stdout, stderr, env } = context;
  return makeAgentCheck(tmuxContext, {
    warn: (message) => stderr.write(`warning: ${message}\n`),
    confirmTrust: asks ? makeConfirmTrust(context) : undefined,
    offerBuild: async (image, type, tag, engine) => {
      if (!asks || !context.stdin.isTTY || !stdout.isTTY) return false;
      if (!(await askYesNo(`Image ${image} not found. Build it now?`, true, context))) return false;
      const { buildAndPrint } = await import('../adr/build.ts');
      return buildAndPrint({ stdout: stderr, env }, engine, { names: [type], tag });
    },
  });
}

/** Says on stderr that nothing confines agents on the host engine; the demo agent needs no confining. */
export async function warnUnconfined(
  { stderr }: CommandContext,
  { types }: TmuxContext,
  { engine, agents }: { readonly engine: string; readonly agents: readonly { readonly type: string }[] },
): Promise<void> {
  if (engine !== 'host') return;
  const found = await Promise.all(agents.map(({ type }) => types.findUsable(type)));
  const bare = found.some((type) => type?.runs !== 'host-only' || type.own);
  if (bare) stderr.write('note: engine "host": nothing confines these agents\n');
}
