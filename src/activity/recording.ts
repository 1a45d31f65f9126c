import type { AgentEvent, RawReport } from '../agents/types.ts';

/** Screens of a live interval: `adr-tmux explain --record`. `t` in seconds, one frame a look. */
export interface Recording {
  readonly agent: string;
  readonly size: string;
  /** When the agent was started, in seconds on the clock of `t`; default: at the first frame. */
  readonly started?: number | undefined;
  readonly frames: readonly RecordedFrame[];
  /** Events with `at` in milliseconds on the clock of `t` (0 is t = 0); what came before is below 0. */
  readonly reports?: readonly AgentEvent[] | undefined;
}

export interface RecordedFrame {
  readonly t: number;
  readonly title: string;
  readonly dead: boolean;
  readonly exit?: number | null | undefined;
  readonly screen: string;
  /** Where it differs from the recording's own. */
  readonly size?: string | undefined;
}

/** A recording as it stands in a file: its reports may still be as the agent's reporter wrote them. */
export interface RecordingFile extends Omit<Recording, 'reports'> {
  readonly reports: readonly (AgentEvent | RawReport)[];
  /** How many entries of `reports` were of no known kind, and left out. */
  readonly unknownReports: number;
}
