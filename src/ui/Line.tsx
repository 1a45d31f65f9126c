import { Text, Transform } from 'ink';
import type { ReactNode } from 'react';
import { cutToCells } from './cell-width.ts';

export interface LineProps {
  /** Without control characters. */
  readonly text: string;
  readonly width: number;
  readonly dim?: boolean;
  readonly bold?: boolean;
  /** Without a mark where it was cut. */
  readonly clip?: boolean;
}

/**
 * One line of text that may be anything. Ink remembers every text it ever measured (6.8), which a view that stays open
 * for a week must not feed with screens: it measures blanks here, and the text takes their place when it is drawn.
 */
export function Line({ text, width, dim = false, bold = false, clip = false }: LineProps): ReactNode {
  const cut = cutToCells(text, width, clip ? '' : '…');
  if (cut === '') return <Text> </Text>;
  return (
    <Transform transform={(blanks) => blanks.replace(/ +/, () => cut)}>
      <Text dimColor={dim} bold={bold}>
        {' '.repeat(width)}
      </Text>
    </Transform>
  );
}
