import { AdrError } from '../../errors.ts';
import { isKeyName, pressKeys } from '../../prompt/paste.ts';
import { findSession } from '../../session/find-session.ts';
import { observeServer } from '../../session/observed.ts';
import { type AgentChoice, choosePanes } from './choose-panes.ts';
import type { TmuxContext } from './context.ts';

export interface KeysResult {
  readonly agent: string;
  readonly outcome: 'pressed' | 'exited' | 'not-found';
}

const KEY_OUTCOMES = { pressed: 'pressed', dead: 'exited', gone: 'not-found' } as const;

/** Presses keys in agents' panes, as the user would. Throws SESSION_NOT_FOUND, AGENT_NOT_FOUND, USAGE. */
export async function sendKeys(
  context: TmuxContext,
  request: AgentChoice & { readonly session: string; readonly keys: readonly string[] },
): Promise<readonly KeysResult[]> {
  const unknown = request.keys.find((key) => !isKeyName(key));
  if (unknown !== undefined || request.keys.length === 0) {
    throw new AdrError('USAGE', `"${unknown ?? ''}" is no key`, {
      hint: 'keys as tmux names them: Enter, Escape, Tab, Up, C-c, M-x, a',
    });
  }
  const session = findSession(await observeServer(context.tmux), request.session);
  return Promise.all(
    choosePanes(session, request).map(async ({ pane, agent, dead }): Promise<KeysResult> => {
      if (dead) return { agent, outcome: 'exited' };
      const pressed = await pressKeys(context.tmux, pane, request.keys);
      return { agent, outcome: KEY_OUTCOMES[pressed] };
    }),
  );
}
