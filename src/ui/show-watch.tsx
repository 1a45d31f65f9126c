import { render } from 'ink';
import type { WatchSnapshot } from '../commands/tmux/watch.ts';
import { createStore, type Store } from './create-store.ts';
import type { Deed, Effect, EffectResult, Target } from './effects.ts';
import { openScreen, type TerminalStream } from './open-screen.ts';
import { pressKey } from './press.ts';
import { type KeyStream, readKeys } from './read-keys.ts';
import { showsSeconds } from './shows-seconds.ts';
import { createClockSource, createSizeSource, type SizedStream } from './sources.ts';
import { Watch } from './Watch.tsx';
import {
  getSelected,
  keyOf,
  openWatch,
  reduceWatch,
  type WatchAction,
  type WatchState,
} from './watch-state.ts';

export interface ShowWatchOptions {
  readonly first: WatchSnapshot;
  /** The looks after the first. They end when the user leaves. */
  readonly snapshots: AsyncIterable<WatchSnapshot>;
  readonly stdin: KeyStream;
  readonly stdout: NodeJS.WritableStream & TerminalStream & SizedStream;
  readonly color: boolean;
  readonly now: () => number;
  readonly shorten: (path: string) => string;
  /** The user wants to go. */
  readonly onLeave: () => void;
  /** Another pane is the one to look at with its colours. */
  readonly onPreview: (pane: string | undefined) => void;
  /** Does what the user asked for. Never throws. */
  readonly perform: (deed: Deed) => Promise<EffectResult>;
  /** Stops the program as Ctrl+Z does, until it is continued. */
  readonly suspend: () => void;
  /** Tells when the program is to stop, and when it goes on without having been asked; gives the way back. */
  readonly onJobControl: (listener: (what: 'suspend' | 'repaint') => void) => () => void;
  /** Gives the terminal to the agent's pane until the user comes back; undefined: nothing to tell. Never throws. */
  readonly attach: (to: Target) => Promise<EffectResult | undefined>;
}

type WatchStore = Store<WatchState, WatchAction | { readonly kind: 'become'; readonly state: WatchState }>;

/**
 * Shows the full-screen view until the snapshots end. Whatever ends it, the terminal is left as it was found before
 * this resolves or throws.
 */
export async function showWatch(options: ShowWatchOptions): Promise<void> {
  const store: WatchStore = createStore(
    (state, action) => (action.kind === 'become' ? action.state : reduceWatch(state, action)),
    openWatch(options.first),
  );
  const showPreview = (): void => options.onPreview(getSelected(store.getState())?.pane);
  showPreview();
  store.subscribe(showPreview);
  const fed = feed(store, options.snapshots);
  for (;;) {
    const next = await draw(options, store, fed);
    if (next === 'end') return;
    if (next === 'suspend') options.suspend();
    if (typeof next === 'string') continue;
    const result = await options.attach(next);
    if (result) tell(store, result, options.now());
  }
}

async function feed(store: WatchStore, snapshots: AsyncIterable<WatchSnapshot>): Promise<void> {
  for await (const snapshot of snapshots) store.dispatch({ kind: 'look', snapshot });
}

/** Draws until the snapshots end, the terminal is wanted for something else, or the user opens an agent's pane. */
async function draw(
  options: ShowWatchOptions,
  store: WatchStore,
  fed: Promise<void>,
): Promise<Target | 'end' | 'suspend' | 'repaint'> {
  const { stdin, stdout, color, now, shorten } = options;
  const screen = openScreen(stdout);
  let stopReading: (() => void) | undefined;
  let stopListening: (() => void) | undefined;
  try {
    const view = render(
      <Watch
        store={store}
        clock={createClockSource(now, (at) => showsSeconds(store.getState(), at))}
        size={createSizeSource(stdout, screen.forget)}
        color={color}
        shorten={shorten}
      />,
      {
        stdout: screen.frames as unknown as NodeJS.WriteStream,
        // Whole frames, unthrottled: the screen finds what changed.
        debug: true,
        exitOnCtrlC: false,
        patchConsole: false,
      },
    );
    try {
      const wanted = new Promise<Target | 'suspend' | 'repaint'>((resolve) => {
        stopListening = options.onJobControl(resolve);
        stopReading = readKeys(stdin, (press) => {
          const { state, effect } = pressKey(store.getState(), press, now());
          store.dispatch({ kind: 'become', state });
          if (effect?.kind === 'attach') resolve(effect.to);
          else if (effect?.kind === 'suspend') resolve('suspend');
          else if (effect) start(options, store, effect);
        });
      });
      const ended = Promise.race([fed, view.waitUntilExit()]).then(() => 'end' as const);
      return await Promise.race([ended, wanted]);
    } finally {
      view.unmount();
    }
  } finally {
    stopReading?.();
    stopListening?.();
    screen.close();
  }
}

function start(
  { onLeave, perform, now }: ShowWatchOptions,
  store: WatchStore,
  effect: Exclude<Effect, { readonly kind: 'attach' | 'suspend' }>,
): void {
  if (effect.kind === 'leave') {
    onLeave();
    return;
  }
  tell(store, { text: `${describeDeed(effect)} …`, bad: false }, now());
  void perform(effect).then((result) => {
    tell(store, result, now());
    if (result.bad && effect.kind === 'send') keepText(store, effect);
  });
}

/** A prompt that did not arrive is there again when the user goes on. */
function keepText(store: WatchStore, { to, text }: Deed & { readonly kind: 'send' }): void {
  const { snapshot } = store.getState();
  const agent = snapshot.agents.find((entry) => entry.session === to.session && entry.agent === to.agent);
  if (agent) store.dispatch({ kind: 'draft', agent: keyOf(agent), text });
}

function tell(store: WatchStore, { text, bad }: EffectResult, at: number): void {
  store.dispatch({ kind: 'notice', notice: { text, bad, at } });
}

function describeDeed(deed: Deed): string {
  switch (deed.kind) {
    case 'send':
      return `${deed.to.agent}: sending`;
    case 'answer':
      return `${deed.to.agent}: answering`;
    case 'interrupt':
      return `${deed.to.agent}: interrupting`;
    case 'restart':
      return `${deed.to.agent}: restarting`;
    case 'stop':
      return `stopping ${deed.session}`;
  }
}
