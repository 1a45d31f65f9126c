import { Box, Text } from 'ink';
import { memo, type ReactNode } from 'react';
import type { State } from '../activity/types.ts';
import { LOOKS } from './palette.ts';
import { StateMark } from './StateMark.tsx';

export interface TopBarProps {
  readonly states: readonly State[];
  readonly width: number;
}

const NAME = 'adr-tmux';
const GAP = '  ';

/** How many agents are in which state, what needs the user first. */
function DrawTopBar({ states, width }: TopBarProps): ReactNode {
  const counts = countStates(states);
  const words = counts.map(({ text, word }) => `${text} ${word}`);
  const room = width - words.join(GAP).length - GAP.length;
  const long = NAME.length <= room;
  const title = `${NAME} watch`.length <= room ? `${NAME} watch` : NAME;
  return (
    <Box width={width} height={1} justifyContent="space-between">
      <Text bold wrap="truncate">
        {title}
      </Text>
      <Text wrap="truncate">
        {counts.map(({ state, text }, index) => (
          <Text key={state}>
            {index === 0 ? '' : GAP}
            <StateMark state={state} text={(long ? words[index] : text) ?? ''} />
          </Text>
        ))}
      </Text>
    </Box>
  );
}

export const TopBar = memo(DrawTopBar, (a, b) => a.width === b.width && a.states.join() === b.states.join());

function countStates(states: readonly State[]): readonly StateCount[] {
  return (Object.keys(LOOKS) as State[]).flatMap((state) => {
    const count = states.filter((entry) => entry === state).length;
    if (count === 0) return [];
    return [{ state, text: `${LOOKS[state].symbol} ${count}`, word: state.toLowerCase() }];
  });
}

interface StateCount {
  readonly state: State;
  readonly text: string;
  readonly word: string;
}
