import type { AgentStatus } from '../commands/tmux/status.ts';
import { describeUsageBriefly } from '../output/format-usage.ts';

/** How many lines and cells each part of the view gets. */
export interface Layout {
  readonly list: number;
  /** Lines below the divider; 0: neither is drawn. */
  readonly panel: number;
  /** Cells between the margins. */
  readonly width: number;
  readonly footer: boolean;
}

export interface Size {
  readonly columns: number;
  readonly rows: number;
}

const MARGIN = 1;
const MIN_PANEL = 3;
const GOOD_PANEL = 16;

/**
 * Divides the screen: the list gets what it needs as long as a useful panel is left. While something is written
 * (`writes`) there is a panel on the smallest screen.
 */
export function planLayout({ columns, rows }: Size, listLength: number, writes = false): Layout {
  const width = Math.max(0, columns - 2 * MARGIN);
  const footer = rows >= 6;
  const below = rows - 1 - (footer ? 1 : 0);
  const wanted = Math.min(GOOD_PANEL, Math.ceil(below * 0.4));
  const list = Math.max(0, Math.min(listLength, below - 1 - wanted));
  const panel = below - 1 - list;
  if (wanted < MIN_PANEL || panel < MIN_PANEL) {
    if (!writes) return { list: Math.max(0, below), panel: 0, width, footer };
    const least = Math.max(0, Math.min(MIN_PANEL, below - 1));
    return { list: Math.max(0, below - 1 - least), panel: least, width, footer };
  }
  return { list, panel, width, footer };
}

/** The first line to show so that line `target` is seen, moved as little as possible from `first`. */
export function scrollTo(first: number, target: number, height: number, length: number): number {
  const last = Math.max(0, length - height);
  const moved = Math.max(Math.min(first, target), target - height + 1);
  return Math.min(Math.max(moved, 0), last);
}

/** Cells of the columns before an agent's own words. */
export interface Columns {
  readonly name: number;
  /** 0: the column is left out. */
  readonly type: number;
  /** Behind them, at the right end; 0: left out. */
  readonly usage: number;
}

/** From here on there is room for what the agents have used. */
const USAGE_WIDTH = 108;

/** Sizes the columns for the names there are; a narrow screen keeps its cells for what the agents say. */
export function planColumns(
  agents: readonly Pick<AgentStatus, 'agent' | 'type' | 'usage'>[],
  width: number,
): Columns {
  const usage = Math.max(0, ...agents.map((agent) => describeUsageBriefly(agent.usage).length));
  const longest = (texts: readonly string[], most: number): number =>
    Math.min(most, Math.max(4, ...texts.map((text) => text.length)));
  const name = longest(
    agents.map(({ agent }) => agent),
    width < 76 ? 14 : 24,
  );
  return {
    name,
    type:
      width < 76
        ? 0
        : longest(
            agents.map(({ type }) => type),
            12,
          ),
    usage: width < USAGE_WIDTH ? 0 : usage,
  };
}
