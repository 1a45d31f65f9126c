import { Box, Text } from 'ink';
import { memo, type ReactNode } from 'react';
import type { HistoryEntry } from '../activity/history.ts';
import { cleanLine } from '../output/clean-line.ts';
import { Line } from './Line.tsx';

export interface EventsProps {
  /** Of one agent, oldest first. */
  readonly entries: readonly HistoryEntry[];
  readonly width: number;
  readonly height: number;
}

/** What happened to an agent, the newest at the bottom. */
export const Events = memo(function Events({ entries, width, height }: EventsProps): ReactNode {
  const shown = entries.slice(-height);
  if (shown.length === 0) {
    return (
      <Box height={height}>
        <Text dimColor>nothing has happened yet</Text>
      </Box>
    );
  }
  return (
    <Box flexDirection="column" height={height}>
      {shown.map((entry, index) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: entries have no names, and their order stays
        <Line key={index} text={`${formatClock(entry.at)}  ${describeEntry(entry)}`} width={width} />
      ))}
    </Box>
  );
});

/** One entry in words: `RUNNING → IDLE`, `prompt submitted: Refactor the auth module`. */
export function describeEntry(entry: HistoryEntry): string {
  switch (entry.kind) {
    case 'state': {
      const code = entry.to === 'EXITED' && entry.exit !== undefined ? ` ${entry.exit ?? 'unknown'}` : '';
      const why = entry.question?.what ?? entry.reason;
      const states =
        entry.from === null || entry.from === entry.to ? entry.to : `${entry.from} → ${entry.to}`;
      return cleanLine(`${states}${code}${why === '' ? '' : `: ${why}`}`);
    }
    case 'session':
      return `session ${entry.to}`;
    default: {
      const text = entry.text ?? entry.detail ?? '';
      return cleanLine(`${entry.kind} ${entry.outcome}${text === '' ? '' : `: ${text}`}`);
    }
  }
}

function formatClock(at: number): string {
  const time = new Date(at);
  return [time.getHours(), time.getMinutes(), time.getSeconds()]
    .map((part) => String(part).padStart(2, '0'))
    .join(':');
}
