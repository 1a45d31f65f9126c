import { lookAtPane } from '../activity/look.ts';
import { readScreen } from '../activity/read-screen.ts';
import type { ScreenSigns } from '../agents/types.ts';
import type { Clock } from '../system/clock.ts';
import type { TmuxClient } from '../tmux/client.ts';
import { pressKeys } from './paste.ts';

const LOOK_AFTER_MS = 150;
const MAX_ROUNDS = 60;

/**
 * Empties a composer with keys that neither interrupt a turn nor quit an agent: to the line's end, delete the line,
 * and where that changes nothing one character back (joins lines; leaves shell mode). A Ctrl+C would clear it in one
 * stroke and quit opencode 1.18.33 when it comes too late. Resolves to the text that stood there, or undefined when
 * it could not be emptied.
 */
export async function clearComposer(
  pane: string,
  signs: ScreenSigns,
  { tmux, clock }: { readonly tmux: TmuxClient; readonly clock: Clock },
): Promise<string | undefined> {
  let first: string | undefined;
  let before: string | undefined;
  for (let round = 0; round < MAX_ROUNDS; round++) {
    const look = await lookAtPane(tmux, pane);
    if (!look || look.dead) return undefined;
    const { composer, dialog } = readScreen(signs, look.screen, look.title, { styled: look.styled });
    if (dialog) return undefined;
    if (composer) {
      first ??= composer.text;
      if (composer.text === '' && composer.mode === 'prompt') return first;
      const state = `${composer.mode} ${composer.text}`;
      await pressKeys(tmux, pane, state === before || composer.text === '' ? ['BSpace'] : ['C-e', 'C-u']);
      before = state;
    }
    await clock.sleep(LOOK_AFTER_MS);
  }
  return undefined;
}
