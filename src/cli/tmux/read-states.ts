import type { WaitedState } from '../../commands/tmux/decide-wait.ts';
import { AdrError } from '../../errors.ts';

const STATES: readonly WaitedState[] = ['IDLE', 'WAITING', 'EXITED', 'STALLED'];

/** States as users write them: `idle`, `waiting,exited`, `any`; the option may be given several times. Throws USAGE. */
export function readStates(words: readonly string[], option: string): ReadonlySet<WaitedState> {
  const names = words.flatMap((word) => word.split(',')).map((name) => name.trim().toLowerCase());
  return new Set(
    names.flatMap((name) => {
      if (name === 'any') return STATES;
      const found = STATES.find((state) => state.toLowerCase() === name);
      if (found) return [found];
      throw new AdrError('USAGE', `"${name}" is no state for --${option}`, {
        hint: 'one of: idle, waiting, exited, stalled, any',
      });
    }),
  );
}
