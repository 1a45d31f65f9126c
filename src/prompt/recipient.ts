import type { PaneLook } from '../activity/look.ts';
import { readScreen } from '../activity/read-screen.ts';
import type { ScreenReading } from '../activity/types.ts';
import type { AgentType } from '../agents/types.ts';
import type { Clock } from '../system/clock.ts';
import type { TmuxClient } from '../tmux/client.ts';
import type { LockOwner } from './lock-pane.ts';

/** An agent in its pane. */
export interface Recipient {
  readonly pane: string;
  readonly type: AgentType;
  /** The run's report file; undefined when it reports nothing. */
  readonly reports: string | undefined;
}

/** What a delivery works with. */
export interface DeliveryTools {
  readonly tmux: TmuxClient;
  readonly clock: Clock;
  readonly owner: LockOwner;
}

/** How long between two looks at a pane, ms. */
export const LOOK_EVERY_MS = 60;

/** What a screen says that cannot be read. */
export const BLANK_READING: ScreenReading = {
  composer: undefined,
  busy: undefined,
  retrying: undefined,
  tool: undefined,
  dialog: undefined,
  error: undefined,
  evidence: {},
};

/** Reads a look by the signs of the recipient's type; blank where it has none. */
export function readLook({ type }: Recipient, look: PaneLook & { readonly styled: string }): ScreenReading {
  if (!type.signs) return BLANK_READING;
  return readScreen(type.signs, look.screen, look.title, { styled: look.styled });
}
