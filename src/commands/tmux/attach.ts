import { AdrError } from '../../errors.ts';
import { findSession } from '../../session/find-session.ts';
import { observeServer } from '../../session/observed.ts';
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
    await tmux.must(['switch-client', '-t', session.key]);
    return 0;
  }
  if (!terminal) {
    throw new AdrError('NO_TERMINAL', 'attaching needs a terminal', {
      hint: `run it in one, or look from here: adr-tmux status ${session.name}`,
    });
  }
  // From inside another tmux server the sessions nest: tmux refuses while TMUX is set.
  const { TMUX: _outer, ...outside } = env;
  const client = startProcess('tmux', [...tmux.prefix, 'attach-session', '-t', session.key], {
    env: outside,
  });
  return (await client.ended).exitCode ?? 1;
}

/** Whether this terminal is a pane of the server that holds our sessions. */
async function isInside({ tmux, env }: TmuxContext): Promise<boolean> {
  const socket = env.TMUX?.split(',')[0];
  if (!socket) return false;
  const answer = await tmux.run(['display-message', '-p', '#{socket_path}']);
  return answer.ok && answer.stdout.trim() === socket;
}
