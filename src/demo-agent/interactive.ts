import { advance } from './advance.ts';
import { decodeKeys, emptyDecoder, flushKeys, type Key } from './keys.ts';
import type { Options } from './options.ts';
import { pressKey } from './press.ts';
import { render, titleOf } from './render.ts';
import { createScreen } from './screen.ts';
import { type Change, createState, type DemoReport } from './state.ts';
import type { TranscriptFile } from './transcript.ts';

const frameMs = 100;
const escapeMs = 30;
const signals = { SIGHUP: 1, SIGINT: 2, SIGTERM: 15 } as const;

/** Runs the full-screen program until it is quit; resolves to the exit code. */
export function runInteractive(
  options: Options,
  workspace: string,
  report: (body: DemoReport, now: number) => void,
  conversation: TranscriptFile,
): Promise<number> {
  const { stdin, stdout } = process;
  const screen = createScreen((text) => stdout.write(text), !process.env.NO_COLOR);
  const readyAt = Date.now() + options.startMs;
  const { pace, approvals } = options;
  let state = createState({ pace, approvals, workspace, readyAt }, conversation.entries);
  let decoder = emptyDecoder;
  let escapeTimer: NodeJS.Timeout | undefined;

  return new Promise((resolve) => {
    const apply = (change: Change, now: number): void => {
      const started = change.state.ready && !state.ready;
      if (change.state.transcript !== state.transcript) conversation.save(change.state.transcript);
      state = change.state;
      if (started) screen.acceptPastes();
      for (const effect of change.effects) {
        if (effect.kind === 'report') report(effect.report, now);
        else finish(effect.code);
      }
    };
    const redraw = (now: number): void => {
      screen.draw(render(state, stdout.columns, stdout.rows, now), titleOf(state, now));
    };
    const step = (): void => {
      const now = Date.now();
      apply(advance(state, now), now);
      if (!finished) redraw(now);
    };
    const take = (keys: readonly Key[]): void => {
      for (const key of keys) {
        const now = Date.now();
        if (!finished) apply(pressKey(state, key, now), now);
        if (!finished) apply(advance(state, now), now);
      }
      if (!finished) redraw(Date.now());
    };
    const read = (chunk: Buffer): void => {
      clearTimeout(escapeTimer);
      const decoded = decodeKeys(decoder, chunk);
      decoder = decoded.state;
      take(decoded.keys);
      escapeTimer = setTimeout(() => {
        const flushed = flushKeys(decoder);
        decoder = flushed.state;
        take(flushed.keys);
      }, escapeMs);
    };
    const resize = (): void => {
      screen.reset();
      redraw(Date.now());
    };
    const hangUp = (): void => finish(129);
    const stops = Object.entries(signals).map(
      ([signal, number]) => [signal, (): void => finish(128 + number)] as const,
    );
    let finished = false;
    const finish = (code: number): void => {
      if (finished) return;
      finished = true;
      clearInterval(ticker);
      clearTimeout(escapeTimer);
      report({ event: 'end', code }, Date.now());
      screen.leave();
      stdin.setRawMode(false);
      stdin.off('data', read).off('end', hangUp).pause();
      stdout.off('resize', resize);
      for (const [signal, stop] of stops) process.off(signal, stop);
      resolve(code);
    };

    stdout.on('error', hangUp);
    stdin.on('error', hangUp);
    for (const [signal, stop] of stops) process.on(signal, stop);
    stdin.setRawMode(true);
    stdin.on('data', read).on('end', hangUp);
    stdout.on('resize', resize);
    screen.enter();
    const ticker = setInterval(step, frameMs);
    step();
  });
}
