import { Text } from 'ink';
import type { ReactNode } from 'react';
import { cleanLine } from '../output/clean-line.ts';
import { cutToCells } from './cell-width.ts';

/** One line that is being written, its end in sight. */
export function EditorLine(props: {
  readonly label: string;
  readonly text: string;
  readonly width: number;
}): ReactNode {
  const text = cutToCells(cleanLine(props.text), props.width - props.label.length - 2);
  return (
    <Text wrap="truncate">
      <Text bold>{props.label}</Text>
      {` ${text}`}
      <Text inverse> </Text>
    </Text>
  );
}
