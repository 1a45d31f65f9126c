import { toolName } from './advance.ts';
import { type Line, type Span, span } from './line.ts';
import { cutReply } from './scenario.ts';
import type { DemoState, Entry } from './state.ts';
import { wrapText } from './text.ts';

const promptRows = 8;

/** The lines a new user reads first. */
export function renderHeader(state: DemoState, width: number): readonly Line[] {
  const wide = width >= 80;
  return [
    [],
    [
      span('  ▟█▙  ', 'accent'),
      span('demo', 'bold'),
      span(wide ? '  a pretend coding agent: no model, no keys, nothing is run' : '  a pretend agent', 'dim'),
    ],
    [span('  ▜█▛  ', 'accent'), span(state.workspace, 'dim')],
    [],
    [
      span('  Write anything, or try ', 'dim'),
      span(wide ? '/ask npm test   /tool 5   /slow   /hang   /error   /help' : '/ask  /tool 5', 'accent'),
    ],
    [],
  ];
}

/** The newest part of the conversation, at most so many lines. */
export function renderTranscript(
  state: DemoState,
  width: number,
  room: number,
  now: number,
): readonly Line[] {
  const entries = [...state.transcript, ...unfinishedReply(state, now)];
  let lines: readonly Line[] = [];
  for (let index = entries.length - 1; index >= 0 && lines.length < room; index -= 1) {
    const entry = entries[index];
    if (entry !== undefined) lines = [...renderEntry(entry, width, room), [], ...lines];
  }
  return lines;
}

function unfinishedReply(state: DemoState, now: number): readonly Entry[] {
  const step = state.turn?.steps[0];
  if (state.turn === undefined || step?.kind !== 'say') return [];
  return [{ kind: 'reply', text: cutReply(step.text, step.ms, now - state.turn.stepAt) }];
}

function renderEntry(entry: Entry, width: number, room: number): readonly Line[] {
  switch (entry.kind) {
    case 'prompt':
      return renderPrompt(entry.text, width);
    case 'reply': {
      const newest = entry.text.slice(-width * (room + 1)).replace(/^[\udc00-\udfff]/u, '');
      return indent(span('◆ ', 'accent'), wrapText(newest, width - 2), 'plain');
    }
    case 'error':
      return indent(span('✖ ', 'bad'), wrapText(entry.text, width - 2).slice(0, room), 'bad');
    case 'note':
      return indent(span('· ', 'dim'), wrapText(entry.text, width - 2).slice(0, room), 'dim');
    case 'tool':
      return [renderToolCall(entry.text), [span('  └ done, only pretended', 'dim')]];
  }
}

/** The line that shows a tool's call. */
export function renderToolCall(input: string): Line {
  return [span('▪ ', 'good'), span(toolName, 'bold'), span(`(${input.replace(/\s+/gu, ' ')})`)];
}

function renderPrompt(text: string, width: number): readonly Line[] {
  const rows = wrapText(text.slice(0, width * (promptRows + 1)), width - 2);
  const shown = rows.slice(0, promptRows);
  const lines = indent(span('▸ ', 'accent'), shown, 'bold');
  const cut = rows.length > promptRows || text.length > width * (promptRows + 1);
  return cut ? [...lines, [span(`  … ${text.length} characters in all`, 'dim')]] : lines;
}

function indent(glyph: Span, rows: readonly string[], style: Span['style']): readonly Line[] {
  return rows.map((row, index) => [index === 0 ? glyph : span('  '), span(row, style)]);
}
