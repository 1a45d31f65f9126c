import { createContext } from 'react';
import type { State } from '../activity/types.ts';

/** How a state looks: the symbol and the word carry it alone, the colour helps. */
export interface Look {
  readonly symbol: string;
  readonly color: string;
  readonly bold: boolean;
}

/** States in the order the top bar counts them: what needs the user first. */
export const LOOKS: Readonly<Record<State, Look>> = {
  WAITING: { symbol: '?', color: 'yellow', bold: true },
  STALLED: { symbol: '!', color: 'magenta', bold: true },
  EXITED: { symbol: '×', color: 'red', bold: false },
  RUNNING: { symbol: '●', color: 'green', bold: false },
  IDLE: { symbol: '○', color: 'cyan', bold: false },
  STARTING: { symbol: '◌', color: 'blue', bold: false },
};

/** Whether colours are wanted (NO_COLOR). */
export const ColorContext = createContext(true);
