import type { Key } from 'ink';
import type { WatchAction } from './watch-state.ts';

/** What a key does: a change of what is shown, or something the view cannot do itself. */
export type ViewAction = WatchAction | { readonly kind: 'leave' };

export interface KeyBinding {
  /** As `nameKeys` gives them. */
  readonly names: readonly string[];
  /** How the help shows it; a key without is told with the one before. */
  readonly shown?: string;
  readonly says?: string;
  readonly action: ViewAction;
}

/** Everything the keyboard does; the help is written from it. */
export const KEYS: readonly KeyBinding[] = [
  { names: ['up', 'k'], shown: '↑ ↓ k j', says: 'select an agent', action: { kind: 'move', by: -1 } },
  { names: ['down', 'j'], action: { kind: 'move', by: 1 } },
  { names: ['pageup'], shown: 'PgUp PgDn', says: 'ten up, ten down', action: { kind: 'move', by: -10 } },
  { names: ['pagedown'], action: { kind: 'move', by: 10 } },
  { names: ['home', 'g'], shown: 'Home End', says: 'first, last', action: { kind: 'move', by: -Infinity } },
  { names: ['end', 'G'], action: { kind: 'move', by: Infinity } },
  { names: ['?'], shown: '? Esc', says: 'this help, and back', action: { kind: 'toggle-help' } },
  { names: ['escape'], action: { kind: 'close' } },
  {
    names: ['q', 'ctrl+c'],
    shown: 'q Ctrl+C',
    says: 'leave; everything keeps running',
    action: { kind: 'leave' },
  },
];

const NAMED = {
  upArrow: 'up',
  downArrow: 'down',
  pageUp: 'pageup',
  pageDown: 'pagedown',
  home: 'home',
  end: 'end',
  escape: 'escape',
} as const satisfies Partial<Record<keyof Key, string>>;

/** The keys of one input event. Keys typed while we were busy come as one text: none is lost. */
export function nameKeys(input: string, key: Key): readonly string[] {
  for (const [flag, name] of Object.entries(NAMED)) {
    if (key[flag as keyof typeof NAMED]) return [name];
  }
  if (key.ctrl) return [`ctrl+${input}`];
  if (key.meta) return ['escape', ...input];
  return [...input].map((char) => (char === '\x03' ? 'ctrl+c' : char));
}

/** What one key does; undefined: nothing. */
export function findAction(name: string): ViewAction | undefined {
  return KEYS.find(({ names }) => names.includes(name))?.action;
}
