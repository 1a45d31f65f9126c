import { Box } from 'ink';
import type { ReactNode } from 'react';
import { type Editor, pictureEditor } from './editor.ts';
import { StyledLine } from './StyledLine.tsx';

export interface EditorViewProps {
  readonly editor: Editor;
  readonly width: number;
  readonly height: number;
}

const MARK = '▸ ';

/** What is being written, with a block where the cursor stands. */
export function EditorView({ editor, width, height }: EditorViewProps): ReactNode {
  const { lines, row, column } = pictureEditor(editor, width - MARK.length - 1, height);
  return (
    <Box flexDirection="column" height={height}>
      {lines.map((line, index) => (
        <StyledLine
          // biome-ignore lint/suspicious/noArrayIndexKey: a line is its place in the text
          key={index}
          text={`${index === 0 ? MARK : '  '}${index === row ? drawCursor(line, column) : line}`}
          width={width}
        />
      ))}
    </Box>
  );
}

/** So many lines would show the whole text. */
export function countEditorLines(editor: Editor, width: number): number {
  return pictureEditor(editor, width - MARK.length - 1, Number.POSITIVE_INFINITY).lines.length;
}

const segmenter = new Intl.Segmenter(undefined, { granularity: 'grapheme' });

function drawCursor(line: string, column: number): string {
  const [under] = segmenter.segment(line.slice(column));
  const char = under?.segment ?? ' ';
  // Text may hold no escape sequence of its own: what is drawn is cleaned part by part.
  return `${line.slice(0, column)}\x1b[7m${char}\x1b[27m${line.slice(column + (under?.segment.length ?? 0))}`;
}
