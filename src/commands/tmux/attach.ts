import { AdrError } from '../../errors.ts';
import { findAgent, findSession } from '../../session/find-session.ts';
import { type ObservedPane, type ObservedSession, observeServer } from '../../session/observed.ts';
import { startProcess } from '../../system/long-process.ts';
import type { TmuxContext } from './context.ts';

export interface AttachRequest {
  readonly session: string;
  /** The agent whose pane is shown alone (zoomed). */
  readonly agent?: string | undefined;
  /** Only look: what is typed goes nowhere. */
  readonly readOnly?: boolean | undefined;
  /** Whether there is a terminal to attach. */
  readonly terminal: boolean;
}

/**
 * Attaches this terminal to a session, or switches the client when we stand inside the same tmux server. Resolves to
 * tmux's exit code when the user detaches. Throws SESSION_NOT_FOUND, AGENT_NOT_FOUND, NO_TERMINAL.
 */
export async function attachSession(context: TmuxContext, request: AttachRequest): Promise<number> {
  const { tmux, env } = context;
  const { agent, readOnly = false, terminal } = request;
  const session = findSession(await observeServer(tmux), request.session);
  const pane = agent === undefined ? undefined : findAgent(session, agent);
  const inside = await isInside(context);
  if (pane && (inside || terminal)) await showAlone(context, pane);
  if (inside) {
    await switchClient(context, session, pane, readOnly);
    return 0;
  }
  if (!terminal) {
    throw new AdrError('NO_TERMINAL', 'attaching needs a terminal', {
      hint: `run it in one, or look from here: adr-tmux status ${session.name}`,
    });
  }
  // From inside another tmux server the sessions nest: tmux refuses while TMUX is set.
  const { TMUX: _outer, ...outside } = env;
  const flags = readOnly ? ['-r'] : [];
  const client = startProcess(
    'tmux',
    [...tmux.prefix, 'attach-session', ...flags, '-t', pane?.pane ?? findTarget(session)],
    { env: outside },
  );
  return (await client.ended).exitCode ?? 1;
}

/** The client is found by the pane we stand in, which tmux reads from the environment. */
async function switchClient(
  { tmux, run, env }: TmuxContext,
  session: ObservedSession,
  pane: ObservedPane | undefined,
  readOnly: boolean,
): Promise<void> {
  const target = pane?.pane ?? findTarget(session);
  // -r alone turns read-only on and off: it is turned on only where it is off.
  const look = ['if-shell', '-F', '#{client_readonly}', '', 'switch-client -r'];
  const words = ['switch-client', '-t', target, ...(readOnly ? [';', ...look] : [])];
  const result = await run('tmux', [...tmux.prefix, ...words], { env });
  if (result.exitCode === 0) return;
  throw new AdrError('NO_TERMINAL', `no terminal is attached to this pane: "${result.stderr.trim()}"`, {
    hint: `run it in the terminal you look at: adr-tmux inject ${session.name}`,
  });
}

/** Its window in front, its pane zoomed; a pane that is alone in its window fills it anyway. */
async function showAlone({ tmux }: TmuxContext, { pane }: ObservedPane): Promise<void> {
  const zoom = `resize-pane -Z -t ${pane}`;
  await tmux.run([
    ...['select-window', '-t', pane, ';', 'select-pane', '-t', pane, ';'],
    ...['if-shell', '-F', '-t', pane, '#{||:#{window_zoomed_flag},#{==:#{window_panes},1}}', '', zoom],
  ]);
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
