import { AdrError } from '../../errors.ts';
import { findAgent, findOnlyAgent, findSession } from '../../session/find-session.ts';
import { observeServer } from '../../session/observed.ts';
import { describeFailure } from '../../tmux/errors.ts';
import type { TmuxContext } from './context.ts';

export interface CaptureRequest {
  readonly session: string;
  /** Undefined: the only one there is. */
  readonly agent: string | undefined;
  /** So many lines from the end, scrollback included; undefined: what stands on the screen. */
  readonly lines: number | undefined;
  /** With colours and styles, as tmux gives them: not yet safe for a terminal. */
  readonly styled: boolean;
}

/** What stands on an agent's pane, wrapped lines joined, blank ends cut. */
export interface Capture {
  readonly session: string;
  readonly agent: string;
  readonly type: string;
  readonly run: string;
  readonly pane: string;
  readonly size: string;
  readonly dead: boolean;
  readonly lines: readonly string[];
}

/** Reads an agent's screen. Throws SESSION_NOT_FOUND, AGENT_NOT_FOUND, USAGE, TMUX_FAILED. */
export async function captureAgent({ tmux }: TmuxContext, request: CaptureRequest): Promise<Capture> {
  const session = findSession(await observeServer(tmux), request.session);
  const found = request.agent === undefined ? findOnlyAgent(session) : findAgent(session, request.agent);
  const { pane, agent, type, run, size, dead } = found;
  const answer = await tmux.run([
    ...['capture-pane', '-p', '-J', '-t', pane],
    ...(request.styled ? ['-e'] : []),
    ...(request.lines === undefined ? [] : ['-S', `-${request.lines}`]),
  ]);
  if (answer.failure === 'not-found') {
    throw new AdrError('AGENT_NOT_FOUND', `agent "${agent}" is gone`, {
      hint: `look: adr-tmux status ${session.name}`,
    });
  }
  if (!answer.ok) throw describeFailure('capture-pane', answer.stderr);
  // -J keeps the blanks at the ends of lines.
  const lines = answer.stdout
    .replace(/[ \t]+$/gm, '')
    .replace(/\n+$/, '')
    .split('\n');
  return {
    ...{ session: session.name, agent, type, run, pane, size, dead },
    lines: request.lines === undefined ? lines : lines.slice(-request.lines),
  };
}
