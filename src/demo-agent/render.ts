import { clipLine, type Line } from './line.ts';
import { renderBottom } from './render-bottom.ts';
import { renderHeader, renderTranscript } from './render-transcript.ts';
import { spinnerFrame } from './spinner.ts';
import { type DemoState, findQuestion } from './state.ts';

/** What stands on the terminal: one line a row, and the cursor unless it is hidden. */
export interface Frame {
  readonly lines: readonly Line[];
  readonly cursor: { readonly row: number; readonly column: number } | undefined;
}

const smallest = { width: 10, height: 4 };

/** Draws the whole screen: header above, the conversation standing on the composer below. */
export function render(state: DemoState, width: number, height: number, now: number): Frame {
  const columns = Math.max(width, smallest.width);
  const rows = Math.max(height, smallest.height);
  const bottom = renderBottom(state, columns, rows, now);
  const room = rows - bottom.lines.length;
  const header = renderHeader(state, columns);
  const talk = renderTranscript(state, columns, room, now);
  const gap = Math.max(0, room - header.length - talk.length);
  const above = [...header, ...Array.from({ length: gap }, (): Line => []), ...talk];
  const lines = [...above.slice(above.length - room), ...bottom.lines];
  const cursor = bottom.cursor && {
    row: room + bottom.cursor.row,
    column: Math.min(bottom.cursor.column, columns - 1),
  };
  return { lines: lines.slice(0, rows).map((line) => clipLine(line, columns)), cursor };
}

/** The terminal's title: what the agent is at. */
export function titleOf(state: DemoState, now: number): string {
  if (!state.ready) return 'demo';
  if (findQuestion(state) !== undefined) return '◆ demo: needs an answer';
  if (state.turn === undefined) return '◇ demo';
  return `${spinnerFrame(state.turn.startedAt, now, 1000)} demo`;
}
