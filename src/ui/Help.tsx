import { Box } from 'ink';
import type { ReactNode } from 'react';
import { KEYS } from './keys.ts';
import { Line } from './Line.tsx';
import { LOOKS } from './palette.ts';

export interface HelpProps {
  readonly width: number;
  readonly height: number;
}

const MEANINGS: Readonly<Record<keyof typeof LOOKS, string>> = {
  WAITING: 'asks you something',
  STALLED: 'at work without progress',
  EXITED: 'its program has ended',
  RUNNING: 'at work',
  IDLE: 'its turn is over, it is yours',
  STARTING: 'not ready yet',
};

const KEYS_CELLS = 44;

/** Every key, and what the states mean: side by side, or one below the other. */
export function Help({ width, height }: HelpProps): ReactNode {
  const keys = KEYS.flatMap(({ shown, says }) =>
    shown === undefined ? [] : [`${shown.padEnd(9)}  ${says ?? ''}`],
  );
  const states = Object.entries(MEANINGS).map(
    ([state, says]) => `${LOOKS[state as keyof typeof LOOKS].symbol} ${state.padEnd(8)} ${says}`,
  );
  if (width >= 2 * KEYS_CELLS) {
    return (
      <Box height={height} overflow="hidden">
        <Column lines={keys.slice(0, height)} width={KEYS_CELLS} />
        <Column lines={states.slice(0, height)} width={width - KEYS_CELLS} />
      </Box>
    );
  }
  const gap = keys.length + states.length < height ? [' '] : [];
  return <Column lines={[...keys, ...gap, ...states].slice(0, height)} width={width} />;
}

function Column({ lines, width }: { readonly lines: readonly string[]; readonly width: number }): ReactNode {
  return (
    <Box flexDirection="column" width={width}>
      {lines.map((line) => (
        <Line key={line} text={line} width={width} />
      ))}
    </Box>
  );
}
