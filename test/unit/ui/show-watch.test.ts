import { EventEmitter } from 'node:events';
import { PassThrough } from 'node:stream';
import { describe, expect, test, vi } from 'vitest';
import type { WatchSnapshot } from '../../../src/commands/tmux/watch.ts';
import { type ShowWatchOptions, showWatch } from '../../../src/ui/show-watch.tsx';
import { makeAgent, makeSnapshot, NOW } from './watched.ts';

const snapshot = makeSnapshot([makeAgent('main')]);

function openTerminal() {
  const written: string[] = [];
  const modes: boolean[] = [];
  const stdout = Object.assign(new EventEmitter(), {
    columns: 60,
    rows: 15,
    write: (text: string) => {
      written.push(text);
      return true;
    },
  });
  const stdin = Object.assign(new PassThrough(), {
    isTTY: true,
    setRawMode: (mode: boolean) => modes.push(mode),
    ref: () => undefined,
    unref: () => undefined,
  });
  return { written, modes, stdout, stdin };
}

async function show(
  snapshots: AsyncIterable<WatchSnapshot>,
  more: Partial<ShowWatchOptions> = {},
  terminal = openTerminal(),
): Promise<ReturnType<typeof openTerminal> & { readonly error: unknown }> {
  const error = await showWatch({
    first: snapshot,
    snapshots,
    stdin: terminal.stdin,
    stdout: terminal.stdout as unknown as ShowWatchOptions['stdout'],
    color: true,
    now: () => NOW,
    shorten: (path) => path,
    onLeave: () => undefined,
    onPreview: () => undefined,
    perform: async () => ({ text: 'done', bad: false }),
    suspend: () => undefined,
    onJobControl: () => () => undefined,
    attach: async () => undefined,
    ...more,
  }).catch((reason: unknown) => reason);
  return { ...terminal, error };
}

async function* give(...all: readonly (WatchSnapshot | Error)[]): AsyncGenerator<WatchSnapshot> {
  for (const next of all) {
    await new Promise((resolve) => setTimeout(resolve, 20));
    if (next instanceof Error) throw next;
    yield next;
  }
}

async function* never(): AsyncGenerator<WatchSnapshot> {
  yield await new Promise<WatchSnapshot>(() => undefined);
}

function expectClean({ written, modes, stdout }: ReturnType<typeof openTerminal>): void {
  expect(written[0]).toContain('\x1b[?1049h');
  expect(written.at(-1)).toBe('\x1b[?2004l\x1b[?7h\x1b[?25h\x1b[?1049l');
  expect(modes.at(-1) ?? false).toBe(false);
  expect(stdout.listenerCount('resize')).toBe(0);
}

test('Ctrl+Z leaves the screen, stops, and paints all of it again', async () => {
  const stops: string[] = [];
  const terminal = openTerminal();
  const left = new AbortController();
  const untilLeft = async function* (): AsyncGenerator<WatchSnapshot> {
    yield snapshot;
    await new Promise((resolve) => left.signal.addEventListener('abort', resolve));
  };
  const shown = show(
    untilLeft(),
    {
      onLeave: () => left.abort(),
      suspend: () => {
        stops.push(terminal.written.at(-1) ?? '');
        expect(terminal.modes.at(-1)).toBe(false);
        terminal.written.length = 0;
      },
    },
    terminal,
  );
  await vi.waitFor(() => expect(terminal.written.join('')).toContain('main'));
  terminal.stdin.write('\x1a');
  await vi.waitFor(() => expect(terminal.modes).toEqual([true, false, true]));
  await vi.waitFor(() => expect(terminal.written.join('')).toContain('main'));
  expect(stops).toEqual(['\x1b[?2004l\x1b[?7h\x1b[?25h\x1b[?1049l']);
  terminal.stdin.write('q');
  expect((await shown).error).toBeUndefined();
  expectClean(terminal);
});

describe('the terminal is left clean', () => {
  test('when the snapshots end', async () => {
    const before = process.listenerCount('exit');
    const shown = await show(give(makeSnapshot([makeAgent('main', { state: 'IDLE' })])));
    expect(shown.error).toBeUndefined();
    expectClean(shown);
    expect(shown.modes).toEqual([true, false]);
    expect(shown.written.join('')).toContain('IDLE');
    expect(process.listenerCount('exit')).toBe(before);
  });

  test('when looking fails', async () => {
    const shown = await show(give(snapshot, new Error('no tmux any more')));
    expect(shown.error).toMatchObject({ message: 'no tmux any more' });
    expectClean(shown);
  });

  test.each([1, 2])('when drawing fails (draw %d)', async (draw) => {
    let drawn = 0;
    const shorten = (path: string): string => {
      drawn++;
      if (drawn >= draw) throw new Error('a bug');
      return path;
    };
    const shown = await show(draw === 1 ? never() : give(makeSnapshot([makeAgent('other')]), snapshot), {
      shorten,
    });
    expect(shown.error).toMatchObject({ message: 'a bug' });
    expectClean(shown);
  });
});
