/** Calls `onSignal` for each of the signals instead of ending this process; gives the way back. */
export function listenForSignals(
  signals: readonly NodeJS.Signals[],
  onSignal: (signal: NodeJS.Signals) => void,
): () => void {
  for (const signal of signals) process.on(signal, onSignal);
  return () => {
    for (const signal of signals) process.off(signal, onSignal);
  };
}

/**
 * Stops this process and its group, as Ctrl+Z in a terminal does; comes back when they are continued, or at once where
 * nobody could continue them: the system stops no group without a shell above it.
 */
export function stopUntilContinued(): void {
  process.kill(0, 'SIGTSTP');
}
