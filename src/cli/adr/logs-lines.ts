import { stripControls } from '../../output/strip-controls.ts';

const MAX_PENDING = 64 * 1024;

/** Takes output in pieces and gives it back in whole lines without escape sequences. */
export interface LineCleaner {
  push(text: string): readonly string[];
  /** What is left behind the last line feed. */
  end(): readonly string[];
}

/**
 * A sequence may be cut in two by the pieces, so nothing is cleaned before its line is whole. Of a line that was
 * written over (progress bars) the last state stays. A line over 64 KB comes in parts.
 */
export function makeLineCleaner(): LineCleaner {
  let pending = '';
  return {
    push: (text) => {
      pending += text;
      const lines = pending.split('\n');
      pending = lines.pop() ?? '';
      if (pending.length > MAX_PENDING) {
        lines.push(pending);
        pending = '';
      }
      return lines.map(cleanOutputLine);
    },
    end: () => {
      const rest = pending;
      pending = '';
      return rest === '' ? [] : [cleanOutputLine(rest)];
    },
  };
}

/** One line of a program's output as it would stand there at the end, without escape sequences. */
function cleanOutputLine(line: string): string {
  const states = line.replace(/\r+$/, '').split('\r');
  return stripControls(states.at(-1) ?? '');
}
