/** Size in character cells. */
export interface Size {
  readonly width: number;
  readonly height: number;
}

/** How panes are arranged: tmux's own names, and `windows` for one agent a window. */
export const LAYOUTS = [
  'tiled',
  'even-horizontal',
  'even-vertical',
  'main-horizontal',
  'main-vertical',
  'windows',
] as const;
export type Layout = (typeof LAYOUTS)[number];

/** The layout of that name; what an older or damaged session says is `tiled`. */
export function readLayout(text: string): Layout {
  return LAYOUTS.find((layout) => layout === text) ?? 'tiled';
}

/** What an agent's screen needs to be usable while nobody is attached. */
const PANE: Size = { width: 110, height: 32 };
/** Less is no use to anybody: then a further window begins. Half of 80x24 with its borders fits. */
const LEAST: Size = { width: 39, height: 10 };
/** The terminal of somebody whose terminal is not known, its status line taken off. */
export const USUAL_TERMINAL: Size = { width: 200, height: 49 };
/** tmux refuses more (3.3a). */
const MAX = 10_000;

/** Rows and columns of the grid that tmux's `select-layout` makes of so many panes. */
function chooseGrid(layout: Layout, panes: number): { readonly rows: number; readonly columns: number } {
  switch (layout) {
    case 'even-horizontal':
      return { rows: 1, columns: panes };
    case 'even-vertical':
      return { rows: panes, columns: 1 };
    case 'main-horizontal':
      return { rows: panes > 1 ? 2 : 1, columns: Math.max(1, panes - 1) };
    case 'main-vertical':
      return { rows: Math.max(1, panes - 1), columns: panes > 1 ? 2 : 1 };
    case 'windows':
      return { rows: 1, columns: 1 };
    case 'tiled': {
      let rows = 1;
      let columns = 1;
      while (rows * columns < panes) {
        rows++;
        if (rows * columns < panes) columns++;
      }
      return { rows, columns };
    }
  }
}

/**
 * The size of a detached window that gives every pane of it a usable size; a line a pane goes to its border. On attach
 * the client's size wins.
 */
export function chooseWindowSize(layout: Layout, panes: number): Size {
  const { rows, columns } = chooseGrid(layout, panes);
  return {
    width: Math.min(MAX, columns * (PANE.width + 1) - 1),
    height: Math.min(MAX, rows * (PANE.height + 1)),
  };
}

/** How many panes a window of that size takes before one is too small to be used; 1 at least. */
export function findCapacity(layout: Layout, { width, height }: Size): number {
  if (layout === 'windows') return 1;
  const fits = (panes: number): boolean => {
    const { rows, columns } = chooseGrid(layout, panes);
    return (
      Math.floor((width - (columns - 1)) / columns) >= LEAST.width &&
      Math.floor((height - rows) / rows) >= LEAST.height
    );
  };
  let panes = 1;
  while (fits(panes + 1)) panes++;
  return panes;
}

/** How many panes go to each window, as evenly as can be, for a terminal of that size. */
export function splitIntoWindows(layout: Layout, panes: number, terminal: Size): readonly number[] {
  const windows = Math.ceil(panes / findCapacity(layout, terminal));
  return Array.from(
    { length: windows },
    (_, index) => Math.floor(panes / windows) + (index < panes % windows ? 1 : 0),
  );
}

/** The name of a session's window: the first is `agents`; with one agent a window, its name. */
export function nameWindow(layout: Layout, index: number, agent: string): string {
  if (layout === 'windows') return agent;
  return index === 0 ? 'agents' : `agents-${index + 1}`;
}

/** The commands that arrange the panes of a window of that size; none where there is one alone. */
export function arrangeWindow(
  layout: Layout,
  target: string,
  { width, height }: Size,
): readonly (readonly string[])[] {
  if (layout === 'windows') return [];
  const setWindow = (name: string, value: number): readonly string[] => [
    ...['set-option', '-w', '-t', target, name, `${Math.max(1, value)}`],
  ];
  const half =
    layout === 'main-vertical'
      ? [setWindow('main-pane-width', Math.floor((width - 1) / 2))]
      : layout === 'main-horizontal'
        ? [setWindow('main-pane-height', Math.floor((height - 1) / 2))]
        : [];
  return [...half, ['select-layout', '-t', target, layout]];
}
