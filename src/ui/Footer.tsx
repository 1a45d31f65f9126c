import { Text } from 'ink';
import type { ReactNode } from 'react';
import type { Question } from '../activity/types.ts';
import { cleanLine } from '../output/clean-line.ts';
import { LETTERS } from './AnswerView.tsx';
import { EditorLine } from './EditorLine.tsx';
import { KEYS } from './keys.ts';
import { Line } from './Line.tsx';
import type { WatchState } from './watch-state.ts';

export interface FooterProps {
  readonly state: WatchState;
  readonly now: number;
  readonly width: number;
}

const GAP = '   ';
const NOTICE_MS = 8000;
const WRITING = ['Enter sends', 'Ctrl+J new line', 'Esc back'];

/** The last line: the keys that count now, what was just done, or the words of the filter. */
export function Footer({ state, now, width }: FooterProps): ReactNode {
  const { mode, notice } = state;
  if (mode.kind === 'filter') return <EditorLine label="/" text={state.filter} width={width} />;
  if (mode.kind === 'confirm') return <Line text={`${cleanLine(mode.asks)} (y/n)`} width={width} bold />;
  if (mode.kind === 'browse' && notice && now - notice.at < NOTICE_MS) {
    return <Line text={cleanLine(notice.text)} width={width} bold={notice.bad} />;
  }
  return (
    <Text dimColor wrap="truncate">
      {listHints(state, width)}
    </Text>
  );
}

function listHints({ mode, filter }: WatchState, width: number): string {
  if (mode.kind === 'compose') return fitHints(WRITING, width);
  if (mode.kind === 'answer') return fitHints(mode.editor ? WRITING : listAnswers(mode.question), width);
  const keys = KEYS.flatMap(({ brief }) => (brief === undefined ? [] : [brief]));
  return fitHints(filter === '' ? keys : [`filter: ${cleanLine(filter)}`, ...keys], width);
}

/** What answers the question above: `AnswerView` lists what each key stands for. */
function listAnswers({ options = [], text }: Question): readonly string[] {
  if (options.length === 0) return ['y/n/a answers', '1-9 that choice', 't write', 'Esc back'];
  const keys = options.map(({ key, means }) => `${means ? `${LETTERS[means]}/` : ''}${cleanLine(key)}`);
  return ['Enter answers', '↑↓ choose', keys.join(' '), ...(text ? ['t write'] : []), 'Esc back'];
}

/** As many as fit, from the left; the first stays, and the last two: help and the way out. */
export function fitHints(hints: readonly string[], width: number): string {
  const shown = [...hints];
  while (shown.length > 2 && shown.join(GAP).length > width) shown.splice(Math.max(1, shown.length - 3), 1);
  return shown.join(GAP);
}
