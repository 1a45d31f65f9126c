/** State that changes by actions only, in the shape `useSyncExternalStore` reads. */
export interface Store<State, Action> {
  getState(): State;
  /** Calls `listener` after every change; gives the way back. */
  subscribe(listener: () => void): () => void;
  dispatch(action: Action): void;
}

/** Makes a store around a pure reducer; an action that changes nothing wakes nobody. */
export function createStore<State, Action>(
  reduce: (state: State, action: Action) => State,
  initial: State,
): Store<State, Action> {
  let state = initial;
  const listeners = new Set<() => void>();
  return {
    getState: () => state,
    subscribe: (listener) => {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    dispatch: (action) => {
      const next = reduce(state, action);
      if (next === state) return;
      state = next;
      for (const listener of listeners) listener();
    },
  };
}
