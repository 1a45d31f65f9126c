import { Box } from 'ink';
import { memo, type ReactNode, useContext } from 'react';
import { carryStyles } from '../output/carry-styles.ts';
import { ColorContext } from './palette.ts';
import { StyledLine } from './StyledLine.tsx';
import { stripStyles } from './style-line.ts';

export interface PreviewProps {
  /** With its colours or without. */
  readonly screen: string;
  readonly width: number;
  readonly height: number;
}

/** The bottom of a pane's screen. */
export const Preview = memo(function Preview({ screen, width, height }: PreviewProps): ReactNode {
  const colored = useContext(ColorContext);
  return (
    <Box flexDirection="column" height={height}>
      {cutBottom(screen, height).map((line, row) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: a line is its place on the screen
        <StyledLine key={row} text={colored ? line : stripStyles(line)} width={width} />
      ))}
    </Box>
  );
});

/**
 * The last lines of a screen without the blank ones below them. Where not all of it fits, blank lines in a row count
 * as one: agents put their composer at the bottom and their words at the top.
 */
export function cutBottom(screen: string, height: number): readonly string[] {
  const lines = carryStyles(screen.split('\n')).map((line) => ({
    line,
    blank: stripStyles(line).trim() === '',
  }));
  while (lines.at(-1)?.blank) lines.pop();
  const kept =
    lines.length <= height
      ? lines
      : lines.filter(({ blank }, row) => !(blank && lines[row - 1]?.blank)).slice(-height);
  return kept.map(({ line, blank }) => (blank ? '' : line));
}
