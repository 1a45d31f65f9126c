import { EventEmitter } from 'node:events';

/** The part of a terminal that is painted on. */
export interface TerminalStream {
  readonly columns?: number;
  readonly rows?: number;
  readonly writableNeedDrain?: boolean;
  write(text: string): boolean;
  once(event: 'drain', listener: () => void): unknown;
}

/** What Ink writes frames to. */
export class FrameStream extends EventEmitter {
  readonly #terminal: TerminalStream;
  readonly #onFrame: (frame: string) => void;

  constructor(terminal: TerminalStream, onFrame: (frame: string) => void) {
    super();
    this.#terminal = terminal;
    this.#onFrame = onFrame;
  }

  get columns(): number {
    return this.#terminal.columns || 80;
  }

  write(frame: string): boolean {
    this.#onFrame(frame);
    return true;
  }
}

export interface Screen {
  readonly frames: FrameStream;
  /** Paints every line again with the next frame. */
  forget(): void;
  /** Leaves the terminal as it was found. */
  close(): void;
}

// No wrapping: where terminal and Ink count a character differently, the line is cut and the next one stays.
// 2004: what is pasted comes marked as such.
const ENTER = '\x1b[?1049h\x1b[?25l\x1b[?7l\x1b[?2004h\x1b[2J';
const LEAVE = '\x1b[?2004l\x1b[?7h\x1b[?25h\x1b[?1049l';
const BEGIN = '\x1b[?2026h';
const END = '\x1b[?2026l';

/**
 * Takes the alternate screen and paints whole frames on it, line by line, only what changed. Ink's own output clears
 * terminal and scrollback with every frame that fills the screen (6.8); here it only lays out. A terminal that is slow
 * to read gets the newest frame and not the ones between.
 */
export function openScreen(terminal: TerminalStream): Screen {
  let painted: readonly string[] = [];
  let latest: string | undefined;
  let waiting = false;
  let closed = false;

  const paint = (): void => {
    if (closed || latest === undefined) return;
    if (terminal.writableNeedDrain) {
      if (waiting) return;
      waiting = true;
      terminal.once('drain', () => {
        waiting = false;
        paint();
      });
      return;
    }
    const lines = latest.split('\n').slice(0, terminal.rows || 24);
    const changes = diffLines(painted, lines);
    painted = lines;
    if (changes !== '') terminal.write(`${BEGIN}${changes}${END}`);
  };

  const close = (): void => {
    if (closed) return;
    closed = true;
    process.off('exit', close);
    process.off('uncaughtExceptionMonitor', close);
    terminal.write(LEAVE);
  };

  process.on('exit', close);
  process.on('uncaughtExceptionMonitor', close);
  terminal.write(ENTER);
  return {
    frames: new FrameStream(terminal, (frame) => {
      latest = frame;
      paint();
    }),
    forget: () => {
      painted = [];
    },
    close,
  };
}

/** What turns the painted lines into the next ones; nothing painted yet: all of them, and nothing below. */
export function diffLines(painted: readonly string[], next: readonly string[]): string {
  const below = painted.length === next.length ? '' : `\x1b[0m\x1b[${next.length + 1};1H\x1b[J`;
  const changed = next.map((line, row) =>
    line === painted[row] ? '' : `\x1b[${row + 1};1H\x1b[0m${line}\x1b[0m\x1b[K`,
  );
  return below + changed.join('');
}
