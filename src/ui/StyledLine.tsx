import { Text, Transform } from 'ink';
import type { ReactNode } from 'react';
import { cutStyled } from './style-line.ts';

/**
 * One line of a pane with its own colours, cut at the width. Measured as blanks, as `Line` is, so that Ink remembers
 * no screen.
 */
export function StyledLine({ text, width }: { readonly text: string; readonly width: number }): ReactNode {
  const cut = cutStyled(text.trimEnd(), width);
  if (cut === '') return <Text> </Text>;
  return (
    <Transform transform={(blanks) => blanks.replace(/ +/, () => cut)}>
      <Text>{' '.repeat(width)}</Text>
    </Transform>
  );
}
