import type { TmuxContext } from '../../commands/tmux/context.ts';
import { Nudge, type WatchSnapshot, watchAgents } from '../../commands/tmux/watch.ts';
import { findTransitions } from '../../commands/tmux/watch-transitions.ts';
import { AdrError } from '../../errors.ts';
import { formatTransitionJson, formatTransitionLine } from '../../output/print-transitions.ts';
import { abbreviateHome } from '../../system/paths.ts';
import { listenForSignals, stopUntilContinued } from '../../system/signals.ts';
import type { CommandContext } from '../command.ts';
import { parseTime } from '../parse-time.ts';

/** A view is looked at; lines are for a log. */
const VIEW_INTERVAL_MS = 1000;
const LINES_INTERVAL_MS = 3000;
const MIN_INTERVAL_MS = 200;

/** Ctrl+C is the way to leave a watch, the other signals end it from outside. */
const EXIT_CODES: Readonly<Partial<Record<NodeJS.Signals, number>>> = { SIGTERM: 143, SIGHUP: 129 };

/**
 * `adr-tmux watch`: the full-screen view on a terminal, one line (or JSON object) per state change otherwise. 0 when
 * the user leaves or nothing is left to watch; everything keeps running.
 */
export async function runWatch(context: CommandContext, tmuxContext: TmuxContext): Promise<number> {
  const { args, stdout, closed } = context;
  const ndjson = args.flag('ndjson') ?? false;
  const tui = Boolean(stdout.isTTY && !ndjson && args.flag('tui') !== false && context.stdin.isTTY);
  const leave = new AbortController();
  let exitCode = 0;
  const unlisten = listenForSignals(['SIGINT', 'SIGTERM', 'SIGHUP'], (signal) => {
    exitCode = EXIT_CODES[signal] ?? 0;
    leave.abort();
  });
  closed.addEventListener('abort', () => leave.abort());
  const session = args.string('session');
  const preview = openPreview();
  const snapshots = watchAgents(tmuxContext, {
    session,
    agent: args.string('agent'),
    intervalMs: readInterval(context, tui),
    stay: tui && session === undefined,
    view: tui ? preview : undefined,
    signal: leave.signal,
  });
  try {
    if (tui) await view(context, tmuxContext, snapshots, { leave, preview });
    else await printLines(context, snapshots, ndjson ? formatTransitionJson : formatTransitionLine);
  } finally {
    unlisten();
  }
  if (!leave.signal.aborted) context.stderr.write(`${describeEnd(context)}\n`);
  return exitCode;
}

async function view(
  context: CommandContext,
  tmuxContext: TmuxContext,
  snapshots: AsyncGenerator<WatchSnapshot>,
  { leave, preview }: { readonly leave: AbortController; readonly preview: PreviewedPane },
): Promise<void> {
  // The first look may find no such session: that is told on the screen the user is on.
  const [first, { showWatch }, { openPane, performDeed }] = await Promise.all([
    snapshots.next(),
    import('../../ui/show-watch.tsx'),
    import('./perform.ts'),
  ]);
  if (first.done) return;
  await showWatch({
    first: first.value,
    snapshots,
    stdin: context.stdin,
    stdout: context.stdout,
    color: !context.env.NO_COLOR,
    now: () => tmuxContext.clock.now(),
    shorten: (path) => abbreviateHome(path, context.env),
    onLeave: () => leave.abort(),
    onPreview: preview.choose,
    perform: (deed) => performDeed({ command: context, tmux: tmuxContext }, deed),
    suspend: stopUntilContinued,
    onJobControl: (listener) =>
      listenForSignals(['SIGTSTP', 'SIGCONT'], (signal) =>
        listener(signal === 'SIGTSTP' ? 'suspend' : 'repaint'),
      ),
    attach: (to) => openPane(tmuxContext, to),
  });
}

interface PreviewedPane {
  readonly nudge: Nudge;
  previewed(): string | undefined;
  choose(pane: string | undefined): void;
}

/** Longer than it takes to paint, shorter than one notices. */
const PREVIEW_MS = 60;

/** Which pane is looked at with its colours; another one is looked at once the user stays with it. */
function openPreview(): PreviewedPane {
  const nudge = new Nudge();
  let pane: string | undefined;
  let soon: NodeJS.Timeout | undefined;
  return {
    nudge,
    previewed: () => pane,
    choose: (next) => {
      if (next === pane) return;
      pane = next;
      clearTimeout(soon);
      soon = setTimeout(() => nudge.ring(), PREVIEW_MS).unref();
    },
  };
}

async function printLines(
  { stdout }: CommandContext,
  snapshots: AsyncIterable<WatchSnapshot>,
  format: typeof formatTransitionLine,
): Promise<void> {
  let before: WatchSnapshot | undefined;
  for await (const snapshot of snapshots) {
    for (const transition of findTransitions(before, snapshot)) stdout.write(format(transition));
    before = snapshot;
  }
}

function readInterval({ args }: CommandContext, tui: boolean): number {
  const text = args.string('interval');
  if (text === undefined) return tui ? VIEW_INTERVAL_MS : LINES_INTERVAL_MS;
  const interval = parseTime('interval', text);
  if (interval >= MIN_INTERVAL_MS) return interval;
  throw new AdrError('USAGE', `"${text}" is too short for --interval`, {
    hint: `${MIN_INTERVAL_MS}ms at least`,
  });
}

function describeEnd({ args }: CommandContext): string {
  const [session, agent] = [args.string('session'), args.string('agent')];
  if (agent !== undefined) return `agent "${agent}" is gone`;
  return session === undefined ? 'no sessions' : `session "${session}" is gone`;
}
