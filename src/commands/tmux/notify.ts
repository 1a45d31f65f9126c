import type { Change } from '../../activity/find-changes.ts';
import { readNotifySettings } from '../../config/read-notify.ts';
import { listClients, showMessage } from '../../session/clients.ts';
import { findOnPath } from '../../system/find-on-path.ts';
import { ringTerminal } from '../../system/ring-terminal.ts';
import { runBriefly } from '../../system/run-briefly.ts';
import type { TmuxContext } from './context.ts';
import { listFacts, type Notice, planNotices } from './plan-notices.ts';

const COMMAND_MS = 15_000;

type NotifyContext = Pick<TmuxContext, 'tmux' | 'env'>;

/**
 * Tells the user of what changed, in the ways he wants: the session's terminals, the desktop, his own command. One
 * after the other, so that fifty agents that end at once are not fifty programs at once. Never throws.
 */
export async function notifyUser(context: NotifyContext, changes: readonly Change[]): Promise<void> {
  if (planNotices(changes, []).length === 0) return;
  const clients = await listClients(context.tmux).catch(() => []);
  for (const notice of planNotices(changes, clients)) {
    const { session, pane } = notice.change;
    const settings = await readNotifySettings(context.env, pane.type);
    const own = clients.filter(({ sessionKey }) => sessionKey === session.key);
    if (settings['notify-tmux'] && own.length > 0) {
      await showMessage(context.tmux, own, joinTexts(notice)).catch(() => undefined);
      for (const { tty } of own) await ringTerminal(tty);
    }
    if (settings['notify-desktop']) await notifyDesktop(notice, context);
    const command = settings['notify-cmd'];
    // The command is the user's own text; what agents said is in its environment alone.
    if (command !== undefined) {
      await runBriefly('/bin/sh', ['-c', command], {
        env: { ...context.env, ...listFacts(notice) },
        timeoutMs: COMMAND_MS,
      });
    }
  }
}

function joinTexts({ title, body }: Notice): string {
  return body === '' ? title : `${title}: ${body}`;
}

const SCRIPT = [
  ...['-e', 'on run texts'],
  ...['-e', 'display notification (item 2 of texts) with title (item 1 of texts)'],
  ...['-e', 'end run'],
];

async function notifyDesktop(notice: Notice, { env }: NotifyContext): Promise<void> {
  const { title, body } = notice;
  const options = { env, timeoutMs: COMMAND_MS };
  if (env.DISPLAY || env.WAYLAND_DISPLAY) {
    const program = await findOnPath('notify-send', env);
    // Its body is markup.
    const text = body.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');
    if (program) await runBriefly(program, ['--app-name=adr', '--', title, text], options);
  } else {
    const program = await findOnPath('osascript', env);
    if (program) await runBriefly(program, [...SCRIPT, title, body], options);
  }
}
