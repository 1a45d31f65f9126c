import type { PaneLook } from '../activity/look.ts';
import type { ScreenReading } from '../activity/types.ts';
import type { Outcome } from './outcome.ts';

export interface GateMemory {
  /** When the pane first looked ready without a break, ms; undefined while it does not. */
  readonly readySince: number | undefined;
  /** When something first stood in the way without a break. */
  readonly blockedSince: number | undefined;
  readonly screen: string;
}

/** Nothing seen yet. */
export const freshGate: GateMemory = { readySince: undefined, blockedSince: undefined, screen: '' };

export interface GateRules {
  /** `idle`: wait until no turn runs. */
  readonly when: 'now' | 'idle';
  /** The agent has reported at least once: its input loop is up. */
  readonly reported: boolean;
  /** By its reports a turn runs. The turn of the sender before may not be drawn yet. */
  readonly turnOpen: boolean;
  readonly hasSigns: boolean;
}

export type GateAnswer =
  | { readonly gate: 'open'; readonly busy: boolean }
  | { readonly gate: 'wait'; readonly because: string; readonly memory: GateMemory; readonly atWork?: true }
  | { readonly gate: 'refuse'; readonly outcome: Outcome; readonly detail: string };

/** A composer may be drawn before the program reads keys: without a report it must stand this long. */
const UNREPORTED_SETTLE_MS = 1500;
const SETTLE_MS = 120;
/** A text or a dialog may be a frame of a transition: it must be seen for this long before we refuse. */
const BLOCKED_MS = 700;
/** The same for text: a screen that is slow to draw may still show a prompt that was submitted. */
const TEXT_BLOCKED_MS = 2000;
/** What an agent draws while it starts can look like text; it has not reported yet then. */
const FIRST_TEXT_MS = 6000;
/** A type without signs is sent to once its screen is this long still. */
const STILL_MS = 1500;
const SMALL_PANE = { width: 50, height: 14 };

/**
 * Decides whether a prompt may go in now: the composer is there, empty and in prompt mode, no question stands.
 * Pure; called for every look until it opens or refuses.
 */
export function judgeReadiness(
  memory: GateMemory,
  look: PaneLook,
  reading: ScreenReading,
  at: number,
  rules: GateRules,
): GateAnswer {
  if (look.dead) {
    return {
      gate: 'refuse',
      outcome: 'exited',
      detail: `the agent has exited (${look.exit ?? 'code unknown'})`,
    };
  }
  if (look.inputOff)
    return { gate: 'refuse', outcome: 'not-ready', detail: 'input to this pane is switched off in tmux' };
  if (look.synchronized) {
    // Keys would go to every pane of the window.
    return { gate: 'refuse', outcome: 'not-ready', detail: 'its window has synchronize-panes on in tmux' };
  }
  if (!rules.hasSigns) return judgeStillness(memory, look, at);
  const blocked = findObstacle(reading);
  if (blocked) {
    const since = memory.blockedSince ?? at;
    const patience =
      blocked.outcome === 'waiting' ? BLOCKED_MS : rules.reported ? TEXT_BLOCKED_MS : FIRST_TEXT_MS;
    if (at - since >= patience) return { gate: 'refuse', ...blocked };
    return wait(blocked.detail, { readySince: undefined, blockedSince: since, screen: look.screen });
  }
  if (!reading.composer) {
    return wait(describeMissing(look.size), { ...freshGate, screen: look.screen });
  }
  const busy = reading.busy !== undefined || reading.retrying !== undefined;
  if (rules.when === 'idle' && busy) {
    return { ...wait('it is still at work', { ...freshGate, screen: look.screen }), atWork: true };
  }
  const readySince = memory.readySince ?? at;
  // Agents do not report every end of a turn: the screen's word counts once it has stood for a while.
  const quick = rules.reported && !(rules.when === 'idle' && rules.turnOpen);
  if (at - readySince >= (quick ? SETTLE_MS : UNREPORTED_SETTLE_MS)) return { gate: 'open', busy };
  return wait('its composer has only just appeared', {
    readySince,
    blockedSince: undefined,
    screen: look.screen,
  });
}

function judgeStillness(memory: GateMemory, look: PaneLook, at: number): GateAnswer {
  const still = memory.readySince !== undefined && memory.screen === look.screen && look.screen.trim() !== '';
  const readySince = still ? memory.readySince : at;
  if (at - readySince >= STILL_MS) return { gate: 'open', busy: false };
  return wait('its screen is not still yet', { readySince, blockedSince: undefined, screen: look.screen });
}

function findObstacle(
  reading: ScreenReading,
): { readonly outcome: Outcome; readonly detail: string } | undefined {
  if (reading.dialog) {
    return { outcome: 'waiting', detail: `it waits for an answer: ${reading.dialog.what}` };
  }
  const { composer } = reading;
  if (!composer) return undefined;
  if (composer.mode === 'shell')
    return { outcome: 'composer-busy', detail: 'its composer is in shell mode (!)' };
  if (composer.mode === 'other')
    return { outcome: 'composer-busy', detail: 'its composer is not in prompt mode' };
  if (composer.text !== '') {
    return { outcome: 'composer-busy', detail: `its composer holds text: "${shorten(composer.text)}"` };
  }
  return undefined;
}

/** opencode 1.18.33 draws no whole composer in 40x11. */
function describeMissing(size: string): string {
  const [width = 0, height = 0] = size.split('x').map(Number);
  const small = width < SMALL_PANE.width || height < SMALL_PANE.height;
  return `its composer is not on the screen yet${small ? ` (its pane is only ${size})` : ''}`;
}

function shorten(text: string): string {
  const line = text.replace(/\s+/g, ' ').trim();
  return line.length > 60 ? `${line.slice(0, 59)}…` : line;
}

function wait(because: string, memory: GateMemory): GateAnswer & { readonly gate: 'wait' } {
  return { gate: 'wait', because, memory };
}
