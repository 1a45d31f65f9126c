import { stripVTControlCharacters } from 'node:util';
import { paintLine } from './line.ts';
import type { Frame } from './render.ts';

const enterSequence = '\x1b[22;2t\x1b[?1049h\x1b[?7l\x1b[2J';
const leaveSequence = '\x1b[?2004l\x1b[?7h\x1b[?25h\x1b[0m\x1b[?1049l\x1b]2;\x07\x1b[23;2t';

/** The terminal as something frames are drawn on: only rows that changed are written. */
export interface Screen {
  enter(): void;
  draw(frame: Frame, title: string): void;
  /** Forgets what was drawn: everything is written again. */
  reset(): void;
  acceptPastes(): void;
  leave(): void;
}

/** Draws through `write`; `colours` off leaves the text only. */
export function createScreen(write: (text: string) => void, colours: boolean): Screen {
  let drawn: string[] = [];
  let drawnTitle = '';
  let drawnCursor = '';
  return {
    enter: () => write(enterSequence),
    reset: () => {
      drawn = [];
      drawnCursor = '';
      write('\x1b[2J');
    },
    acceptPastes: () => write('\x1b[?2004h'),
    leave: () => write(leaveSequence),
    draw: (frame, title) => {
      const lines = frame.lines.map((line) =>
        colours ? paintLine(line) : stripVTControlCharacters(paintLine(line)),
      );
      let output = '';
      lines.forEach((line, row) => {
        if (line !== drawn[row]) output += `\x1b[${row + 1};1H\x1b[2K${line}`;
      });
      const cursor = frame.cursor
        ? `\x1b[${frame.cursor.row + 1};${frame.cursor.column + 1}H\x1b[?25h`
        : '\x1b[?25l';
      const moved = output !== '' || cursor !== drawnCursor;
      if (title !== drawnTitle) output += `\x1b]2;${title}\x07`;
      if (moved) output = `\x1b[?25l${output}${cursor}`;
      if (output !== '') write(output);
      drawn = lines;
      drawnTitle = title;
      drawnCursor = cursor;
    },
  };
}
