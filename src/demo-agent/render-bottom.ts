import { layoutComposer } from './composer.ts';
import { type Line, type Style, span } from './line.ts';
import { renderToolCall } from './render-transcript.ts';
import type { Step } from './scenario.ts';
import { spinnerFrame } from './spinner.ts';
import { type DemoState, findQuestion, type Turn } from './state.ts';
import { clipText, measureWidth, wrapText } from './text.ts';

/** The part of the screen that stays at the bottom; the cursor's row counts from its first line. */
export interface Bottom {
  readonly lines: readonly Line[];
  readonly cursor: { readonly row: number; readonly column: number } | undefined;
}

const placeholder = 'Ask demo anything, or try /help';
const queueRows = 3;

/** Queue, spinner, and the composer or the question that stands in its place. */
export function renderBottom(state: DemoState, width: number, height: number, now: number): Bottom {
  if (!state.ready) return { lines: [[span('  starting…', 'dim')], []], cursor: undefined };
  const question = findQuestion(state);
  if (question !== undefined) {
    const lines = renderQuestion(question.command, state.turn?.choice ?? 0, width);
    return { lines: lines.slice(0, height), cursor: undefined };
  }
  const roomy = height >= 10;
  const live = renderLive(state, width, now).slice(roomy ? 0 : -1);
  const above = live.length > 0 && roomy ? [...live, []] : live;
  const footer = roomy ? [renderFooter(state, now)] : [];
  const most = Math.max(1, Math.min(Math.floor(height / 2), height - above.length - footer.length - 2));
  const composer = renderComposer(state, width, most);
  const lines = [...above, ...composer.lines, ...footer];
  const cursor = { row: above.length + composer.cursor.row, column: composer.cursor.column };
  return { lines, cursor };
}

function renderComposer(
  state: DemoState,
  width: number,
  most: number,
): { readonly lines: readonly Line[]; readonly cursor: { readonly row: number; readonly column: number } } {
  const shell = state.composer.cells[0]?.text === '!';
  const empty = state.composer.cells.length === (shell ? 1 : 0);
  const layout = layoutComposer(state.composer, width - 3, shell ? 1 : 0);
  const first = Math.max(0, Math.min(layout.cursor.row - most + 1, layout.rows.length - most));
  const style: Style = shell ? 'shell' : 'dim';
  const glyph = shell ? span('! ', 'shell') : span('▸ ', 'accent');
  const hint = shell ? 'a shell command, only pretended' : placeholder;
  const body = empty
    ? [[glyph, span(clipText(hint, width - 2), 'dim')]]
    : layout.rows
        .slice(first, first + most)
        .map((row, index): Line => [index === 0 ? glyph : span('  '), span(row)]);
  const rule = [span('─'.repeat(width), style)];
  return {
    lines: [rule, ...body, rule],
    cursor: { row: layout.cursor.row - first + 1, column: layout.cursor.column + 2 },
  };
}

function renderQuestion(command: string, choice: 0 | 1, width: number): readonly Line[] {
  const flat = command.replace(/\s+/gu, ' ');
  const rest = wrapText(flat, width - 4).slice(0, 3);
  const full = `? Allow this command: ${flat}`;
  const clipped = clipText(full, width);
  const option = (index: 0 | 1, text: string): Line => [
    span(index === choice ? '▸ ' : '  ', 'accent'),
    span(text, index === choice ? 'bold' : 'plain'),
  ];
  return [
    [span('─'.repeat(width), 'warn')],
    [span(clipped, 'warn')],
    ...(clipped === full ? [] : rest.map((row) => [span('    '), span(row)])),
    [],
    option(0, '1. Yes'),
    option(1, '2. No'),
    [],
    [span('  1 yes · 2 no · enter takes · esc no', 'dim')],
  ];
}

function renderQueue(state: DemoState, width: number): readonly Line[] {
  const shown = state.queue.slice(0, queueRows).map((prompt): Line => {
    const flat = prompt.slice(0, width).replace(/\s+/gu, ' ');
    return [span('  queued: ', 'dim'), span(clipText(flat, width - 10), 'dim')];
  });
  const more = state.queue.length - queueRows;
  return more > 0 ? [...shown, [span(`  and ${more} more`, 'dim')]] : shown;
}

function renderLive(state: DemoState, width: number, now: number): readonly Line[] {
  const { turn } = state;
  if (turn === undefined) return [];
  const step = turn.steps[0];
  const tool = step?.kind === 'tool' ? [renderToolCall(step.input), []] : [];
  const retry = step?.kind === 'retry' ? [renderRetry(step, turn.stepAt, now)] : [];
  return [...tool, ...renderQueue(state, width), ...retry, renderSpinner(turn, width, now)];
}

function renderSpinner(turn: Turn, width: number, now: number): Line {
  const step = turn.steps[0];
  const seconds = Math.floor(Math.max(0, now - turn.startedAt) / 1000);
  const label = step?.kind === 'tool' ? `Running ${step.input.replace(/\s+/gu, ' ')}` : 'Working';
  const full = `… (${seconds}s · esc to interrupt)`;
  const suffix = measureWidth(label) + full.length + 2 <= width ? full : `… (${seconds}s · esc)`;
  return [
    span(`${spinnerFrame(turn.startedAt, now, 150)} `, 'accent'),
    span(clipText(label, Math.max(4, width - 2 - suffix.length)).replace(/…$/, ''), 'accent'),
    span(suffix, 'dim'),
  ];
}

function renderRetry(step: Step & { readonly kind: 'retry' }, since: number, now: number): Line {
  const wait = Math.max(0, Math.ceil((since + step.ms - now) / 1000));
  return [span(`! Retrying ${step.attempt}/${step.of} in ${wait}s: 529 overloaded`, 'warn')];
}

function renderFooter(state: DemoState, now: number): Line {
  if (now < state.quitUntil) return [span('  press ctrl+c again to quit', 'warn')];
  if (state.composer.cells[0]?.text === '!') {
    return [span('  shell mode · ctrl+u leaves it', 'shell')];
  }
  if (state.turn !== undefined) return [span('  enter queues · esc interrupts', 'dim')];
  return [span('  enter sends · ctrl+j new line · /help', 'dim')];
}
