import { Box } from 'ink';
import type { ReactNode } from 'react';
import type { Question } from '../activity/types.ts';
import { cleanLine, cleanScreenLine } from '../output/clean-line.ts';
import { Line } from './Line.tsx';
import { scrollTo } from './plan-layout.ts';

export interface AnswerViewProps {
  readonly question: Question;
  /** The option that Enter takes. */
  readonly selected: number;
  readonly width: number;
  readonly height: number;
}

/** Keys of the answers that mean the same everywhere. */
export const LETTERS = { yes: 'y', no: 'n', always: 'a' } as const;

/** What the question may be answered with, each with its keys; scrolled so that the selected one is seen. */
export function AnswerView({ question, selected, width, height }: AnswerViewProps): ReactNode {
  const lines = listAnswerLines(question, selected);
  const first = scrollTo(0, selected, height, lines.length);
  return (
    <Box flexDirection="column" height={height}>
      {lines.slice(first, first + height).map((line, index) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: a line is its place among the answers
        <Line key={index} text={line} width={width} bold={line.startsWith('❯')} />
      ))}
    </Box>
  );
}

/**
 * One line an answer: `❯ 1  Yes, proceed  (y)`. Where the options are not known yet, the letters that mean the same
 * everywhere.
 */
export function listAnswerLines({ options = [], text }: Question, selected: number): readonly string[] {
  if (options.length === 0) return ['  y  yes', '  n  no', '  a  always', '  t  your own words'];
  const cells = Math.max(...options.map(({ key }) => key.length));
  const lines = options.map(({ key, label, means }, index) => {
    const letter = means === undefined ? '' : `  (${LETTERS[means]})`;
    return `${index === selected ? '❯' : ' '} ${cleanScreenLine(key).padEnd(cells)}  ${cleanLine(label)}${letter}`;
  });
  return text ? [...lines, `  ${'t'.padEnd(cells)}  your own words`] : lines;
}
