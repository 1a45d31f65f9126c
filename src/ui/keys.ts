/** What a key does while the list has the keyboard. */
export type BrowseCommand =
  | { readonly kind: 'move'; readonly by: number }
  | { readonly kind: 'next' }
  | { readonly kind: 'close' }
  | { readonly kind: 'filter' }
  | { readonly kind: 'panel'; readonly panel: 'events' | 'help' }
  | { readonly kind: 'compose' | 'answer' | 'interrupt' | 'restart' | 'attach' | 'stop' | 'leave' };

export interface KeyBinding {
  /** Characters, or names of keys. */
  readonly names: readonly string[];
  /** How the help shows it; a key without is told with the one before. */
  readonly shown?: string;
  readonly says?: string;
  /** How the last line shows it, where there is room. */
  readonly brief?: string;
  readonly command: BrowseCommand;
}

/** Everything the keyboard does over the list; help and last line are written from it. */
export const KEYS: readonly KeyBinding[] = [
  {
    names: ['up', 'k', 'ctrl+p'],
    shown: '↑ ↓ k j',
    says: 'select an agent',
    brief: '↑↓ select',
    command: { kind: 'move', by: -1 },
  },
  { names: ['down', 'j', 'ctrl+n'], command: { kind: 'move', by: 1 } },
  {
    names: ['return', 's'],
    shown: 's Enter',
    says: 'write it a prompt',
    brief: 's send',
    command: { kind: 'compose' },
  },
  { names: ['a'], shown: 'a', says: 'answer its question', brief: 'a answer', command: { kind: 'answer' } },
  {
    names: ['i'],
    shown: 'i',
    says: 'interrupt its turn',
    brief: 'i interrupt',
    command: { kind: 'interrupt' },
  },
  { names: ['o'], shown: 'o', says: 'open its pane (attach)', brief: 'o open', command: { kind: 'attach' } },
  {
    names: ['tab', 'n'],
    shown: 'n Tab',
    says: 'next one that needs you',
    brief: 'n next',
    command: { kind: 'next' },
  },
  { names: ['/'], shown: '/', says: 'filter the list', brief: '/ filter', command: { kind: 'filter' } },
  {
    names: ['e'],
    shown: 'e',
    says: 'events of the agent',
    brief: 'e events',
    command: { kind: 'panel', panel: 'events' },
  },
  { names: ['r'], shown: 'r', says: 'restart it (asks first)', command: { kind: 'restart' } },
  { names: ['X'], shown: 'X', says: 'stop the session (asks first)', command: { kind: 'stop' } },
  {
    names: ['?'],
    shown: '? Esc',
    says: 'this help, and back',
    brief: '? help',
    command: { kind: 'panel', panel: 'help' },
  },
  { names: ['escape'], command: { kind: 'close' } },
  {
    names: ['q', 'ctrl+c'],
    shown: 'q Ctrl+C',
    says: 'leave; everything keeps running',
    brief: 'q leave',
    command: { kind: 'leave' },
  },
  {
    names: ['pageup'],
    shown: 'PgUp Home',
    says: 'ten up, first; PgDn, End: down',
    command: { kind: 'move', by: -10 },
  },
  { names: ['pagedown'], command: { kind: 'move', by: 10 } },
  { names: ['home', 'g'], command: { kind: 'move', by: -Infinity } },
  { names: ['end', 'G'], command: { kind: 'move', by: Infinity } },
];

/** What one key does over the list; undefined: nothing. */
export function findCommand(name: string): BrowseCommand | undefined {
  return KEYS.find(({ names }) => names.includes(name))?.command;
}
