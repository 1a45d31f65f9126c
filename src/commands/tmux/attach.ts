import { AdrError } from '../../errors.ts';
import { findSession } from '../../session/find-session.ts';
import { type ObservedSession, observeServer } from '../../session/observed.ts';
import { startProcess } from '../../system/long-process.ts';
import type { TmuxContext } from './context.ts';

/**
 * Attaches this terminal to a session, or switches the client when we stand inside the same tmux server. Resolves to
 * tmux's exit code when the user detaches. Throws SESSION_NOT_FOUND, NO_TERMINAL.
 */
export async function attachSession(context: TmuxContext, name: string, terminal: boolean): Promise<number> {
  const { tmux, env } = context;
  const session = findSession(await observeServer(tmux), name);
  if (await isInside(context)) {
    await switchClient(context, session);
    return 0;
  }
  if (!terminal) {
    throw new AdrError('NO_TERMINAL', 'attaching needs a terminal', {
      hint: `run it in one, or look from here: adr-tmux status ${session.name}`,
    });
  }
  // From inside another tmux server the sessions nest: tmux refuses while TMUX is set.
  const { TMUX: _outer, ...outside } = env;
  const client = startProcess('tmux', [...tmux.prefix, 'attach-session', '-t', findTarget(session)], {
    env: outside,
  });
  return (await client.ended).exitCode ?? 1;
}

/** The client is found by the pane we stand in, which tmux reads from the environment. */
async function switchClient({ tmux, run, env }: TmuxContext, session: ObservedSession): Promise<void> {
  const result = await run('tmux', [...tmux.prefix, 'switch-client', '-t', findTarget(session)], { env });
  if (result.exitCode === 0) return;
  throw new AdrError('NO_TERMINAL', `no terminal is attached to this pane: "${result.stderr.trim()}"`, {
    hint: `run it in the terminal you look at: adr-tmux inject ${session.name}`,
  });
}

/** Where nothing is left of the session but panes that the user moved: the session that shows the first of them. */
function findTarget({ key, panes }: ObservedSession): string {
  return key === '' ? (panes[0]?.pane ?? '') : key;
}

/** Whether this terminal is a pane of the server that holds our sessions. */
async function isInside({ tmux, env }: TmuxContext): Promise<boolean> {
  const socket = env.TMUX?.split(',')[0];
  if (!socket) return false;
  const answer = await tmux.run(['display-message', '-p', '#{socket_path}']);
  return answer.ok && answer.stdout.trim() === socket;
}
