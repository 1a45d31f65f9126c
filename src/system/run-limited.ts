import { createContext, Script } from 'node:vm';

const CALL = new Script('call()');

/** What a limited call came to. */
export type Limited<T> = { readonly done: true; readonly value: T } | { readonly done: false };

/**
 * Runs a synchronous function for at most `ms` and gives it up then, in the middle of a regular expression too (V8
 * interrupts backtracking; Node 20). About 0.2 ms a call. What the function throws is thrown.
 */
export function runLimited<T>(ms: number, run: () => T): Limited<T> {
  let result: Limited<T> = { done: false };
  const call = (): void => {
    result = { done: true, value: run() };
  };
  try {
    CALL.runInContext(createContext({ call }), { timeout: ms });
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ERR_SCRIPT_EXECUTION_TIMEOUT') throw error;
  }
  return result;
}
