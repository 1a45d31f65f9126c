import { Box, Text } from 'ink';
import { memo, type ReactNode } from 'react';
import { cutToCells } from './cell-width.ts';
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

/** The line above a session's agents. */
export const SessionRow = memo(function SessionRow(props: SessionRowProps): ReactNode {
  const name = cutToCells(props.name, Math.floor(props.width / 2));
  const rest = [`up ${props.uptime}`, props.workspace, props.branch, props.engine]
    .filter((text) => text !== '')
    .join('  ');
  return (
    <Box width={props.width} height={1}>
      <Text bold underline>
        {name}
      </Text>
      <Text>{'  '}</Text>
      <Line text={rest} width={props.width - name.length - 2} dim />
    </Box>
  );
});
