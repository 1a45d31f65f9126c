import { Box, Text } from 'ink';
import { memo, type ReactNode } from 'react';
import { cutStart, cutToCells, measureCells } from './cell-width.ts';
import { Line } from './Line.tsx';

export interface SessionRowProps {
  readonly name: string;
  readonly uptime: string;
  readonly workspace: string;
  /** Empty: no repository. */
  readonly branch: string;
  readonly engine: string;
  readonly width: number;
}

const GAP = 2;

/** The line above a session's agents. */
export const SessionRow = memo(function SessionRow(props: SessionRowProps): ReactNode {
  const name = cutToCells(props.name, Math.floor(props.width / 2));
  const left = props.width - measureCells(name) - GAP;
  const branch = cutToCells(props.branch, Math.floor(left / 3));
  const others = [`up ${props.uptime}`, branch, props.engine].filter((text) => text !== '');
  const used = others.reduce((sum, text) => sum + measureCells(text) + GAP, 0);
  const workspace = cutStart(props.workspace, left - used);
  const rest = [others[0], workspace, ...others.slice(1)].filter((text) => text !== '').join('  ');
  return (
    <Box width={props.width} height={1}>
      <Text bold underline>
        {name}
      </Text>
      <Text>{'  '}</Text>
      <Line text={rest} width={left} dim />
    </Box>
  );
});
