import { render } from 'ink';
import type { WatchSnapshot } from '../commands/tmux/watch.ts';
import { createStore } from './create-store.ts';
import { openScreen, type TerminalStream } from './open-screen.ts';
import { createClockSource, createSizeSource, type SizedStream } from './sources.ts';
import { Watch } from './Watch.tsx';
import { openWatch, reduceWatch } from './watch-state.ts';

export interface ShowWatchOptions {
  readonly first: WatchSnapshot;
  /** The looks after the first. They end when `signal` fires. */
  readonly snapshots: AsyncIterable<WatchSnapshot>;
  readonly stdin: NodeJS.ReadableStream;
  readonly stdout: NodeJS.WritableStream & TerminalStream & SizedStream;
  readonly color: boolean;
  readonly now: () => number;
  readonly shorten: (path: string) => string;
  readonly signal: AbortSignal;
  /** The user wants to go. */
  readonly onLeave: () => void;
}

/**
 * Shows the full-screen view until the snapshots end. Whatever ends it, the terminal is left as it was found before
 * this resolves or throws.
 */
export async function showWatch(options: ShowWatchOptions): Promise<void> {
  const { first, snapshots, stdin, stdout, color, now, shorten, signal, onLeave } = options;
  const store = createStore(reduceWatch, openWatch(first));
  const screen = openScreen(stdout);
  try {
    const view = render(
      <Watch
        store={store}
        clock={createClockSource(now)}
        size={createSizeSource(stdout, screen.forget)}
        color={color}
        shorten={shorten}
        onLeave={onLeave}
      />,
      {
        stdin: stdin as NodeJS.ReadStream,
        stdout: screen.frames as unknown as NodeJS.WriteStream,
        // Whole frames, unthrottled: the screen finds what changed.
        debug: true,
        exitOnCtrlC: false,
        patchConsole: false,
      },
    );
    const failed = view.waitUntilExit();
    const feed = async (): Promise<void> => {
      for await (const snapshot of snapshots) {
        if (signal.aborted) return;
        store.dispatch({ kind: 'look', snapshot });
      }
    };
    try {
      await Promise.race([feed(), failed]);
    } finally {
      view.unmount();
    }
  } finally {
    screen.close();
  }
}
