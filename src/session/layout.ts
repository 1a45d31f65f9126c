/** Size in character cells. */
export interface Size {
  readonly width: number;
  readonly height: number;
}

/** What an agent's screen needs to be usable while nobody is attached. */
const PANE: Size = { width: 110, height: 32 };
/** tmux refuses more (3.3a). */
const MAX = 10_000;

/**
 * The size of a detached window that gives every pane of a tiled layout a usable size: the grid is the one tmux's
 * `select-layout tiled` makes, a line per pane goes to its border. On attach the client's size wins.
 */
export function chooseWindowSize(panes: number): Size {
  let rows = 1;
  let columns = 1;
  while (rows * columns < panes) {
    rows++;
    if (rows * columns < panes) columns++;
  }
  return {
    width: Math.min(MAX, columns * (PANE.width + 1) - 1),
    height: Math.min(MAX, rows * (PANE.height + 1)),
  };
}
