import { Text } from 'ink';
import { type ReactNode, useContext } from 'react';
import type { State } from '../activity/types.ts';
import { ColorContext, LOOKS } from './palette.ts';

export interface StateMarkProps {
  readonly state: State;
  /** What stands in the state's colour. */
  readonly text: string;
}

/** Text in the colour of a state. */
export function StateMark({ state, text }: StateMarkProps): ReactNode {
  const { color, bold } = LOOKS[state];
  const colored = useContext(ColorContext);
  return (
    <Text bold={bold} {...(colored ? { color } : {})}>
      {text}
    </Text>
  );
}
