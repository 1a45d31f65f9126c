import { Box, Text } from 'ink';
import type { ReactNode } from 'react';
import { cutToCells, measureCells } from './cell-width.ts';
import { Line } from './Line.tsx';

export interface DividerProps {
  readonly title: string;
  readonly right: string;
  readonly width: number;
}

/** Narrower ones are cut. */
const MIN_WIDTH = 20;

/** The rule between list and panel, with a title in it. */
export function Divider({ title, right, width }: DividerProps): ReactNode {
  if (title === '') return <Text dimColor>{'─'.repeat(width)}</Text>;
  const end = right === '' ? '' : ` ${right} ─`;
  const text = cutToCells(title, width - end.length - 6);
  const rule = Math.max(0, width - measureCells(text) - end.length - 4);
  return (
    <Box width={width} height={1} {...(width < MIN_WIDTH ? { overflow: 'hidden' } : {})}>
      <Text dimColor>{'── '}</Text>
      <Box flexShrink={0}>
        <Line text={text} width={measureCells(text)} bold />
      </Box>
      <Text dimColor>{` ${'─'.repeat(rule)}${end}`}</Text>
    </Box>
  );
}
