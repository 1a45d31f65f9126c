import { Box } from 'ink';
import { memo, type ReactNode } from 'react';
import { cleanScreenLine } from '../output/clean-line.ts';
import { Line } from './Line.tsx';

export interface PreviewProps {
  readonly screen: string;
  readonly width: number;
  readonly height: number;
}

/** The bottom of a pane's screen. */
export const Preview = memo(function Preview({ screen, width, height }: PreviewProps): ReactNode {
  return (
    <Box flexDirection="column" height={height}>
      {cutBottom(screen, height).map((line, row) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: a line is its place on the screen
        <Line key={row} text={line} width={width} clip />
      ))}
    </Box>
  );
});

/**
 * The last lines of a screen without the blank ones below them. Where not all of it fits, blank lines in a row count
 * as one: agents put their composer at the bottom and their words at the top.
 */
export function cutBottom(screen: string, height: number): readonly string[] {
  const lines = screen.split('\n').map((line) => cleanScreenLine(line).trimEnd());
  while (lines.length > 0 && lines.at(-1) === '') lines.pop();
  if (lines.length <= height) return lines;
  return lines.filter((line, row) => line !== '' || lines[row - 1] !== '').slice(-height);
}
