import { Box, Text } from 'ink';
import { memo, type ReactNode } from 'react';
import type { State } from '../activity/types.ts';
import { cutToCells, fitToCells, measureCells } from './cell-width.ts';
import { Line } from './Line.tsx';
import { LOOKS } from './palette.ts';
import type { Columns } from './plan-layout.ts';
import { StateMark } from './StateMark.tsx';

export interface AgentRowProps {
  readonly name: string;
  readonly type: string;
  readonly state: State;
  /** Time in this state. */
  readonly age: string;
  /** Reason or question. */
  readonly detail: string;
  readonly snippet: string;
  /** What it has used, as far as it tells. */
  readonly usage: string;
  readonly selected: boolean;
  readonly columns: Columns;
  readonly width: number;
}

const STATE_CELLS = 8;
const AGE_CELLS = 4;
const GAP = 2;

/** One agent on one line: marker, state, name, and as much of its own words as there is room for. */
function DrawAgentRow(props: AgentRowProps): ReactNode {
  const { state, selected, columns } = props;
  const type = columns.type === 0 ? '' : `${fitToCells(props.type, columns.type)}  `;
  const fixed = 4 + columns.name + GAP + type.length + STATE_CELLS + GAP + AGE_CELLS + GAP;
  const usage = columns.usage === 0 ? 0 : columns.usage + GAP;
  const room = Math.max(0, props.width - fixed - usage);
  const detail = cutToCells(props.detail, room);
  const used = measureCells(detail);
  const left = detail === '' ? room : room - used - GAP;
  return (
    <Box width={props.width} height={1} {...(fixed > props.width ? { overflow: 'hidden' } : {})}>
      <Box flexShrink={0}>
        <Text>
          <Text bold>{selected ? '❯ ' : '  '}</Text>
          <StateMark state={state} text={`${LOOKS[state].symbol} `} />
          <Text bold={selected}>{`${fitToCells(props.name, columns.name)}  `}</Text>
          <Text dimColor>{type}</Text>
          <StateMark state={state} text={state.padEnd(STATE_CELLS + GAP)} />
          <Text dimColor>{`${props.age.padStart(AGE_CELLS)}  `}</Text>
        </Text>
      </Box>
      {detail === '' ? null : (
        <Box flexShrink={0} marginRight={GAP}>
          <Line text={detail} width={used} />
        </Box>
      )}
      {left < 8 ? null : <Line text={props.snippet} width={left} dim />}
      {usage === 0 ? null : (
        <Box flexGrow={1} flexShrink={0} justifyContent="flex-end">
          <Line text={props.usage.padStart(usage)} width={usage} dim />
        </Box>
      )}
    </Box>
  );
}

export const AgentRow = memo(DrawAgentRow);
