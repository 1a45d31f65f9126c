import { emitKeypressEvents, type Interface, type Key } from 'node:readline';

/** Something the user did at the keyboard. */
export type Press =
  /** A key without a character of its own: `up`, `return`, `ctrl+c`, `alt+return`. */
  | { readonly kind: 'key'; readonly name: string }
  | { readonly kind: 'char'; readonly char: string }
  /** Text that was pasted; line breaks are `\n`. */
  | { readonly kind: 'paste'; readonly text: string };

/** A terminal that can be read key by key. */
export interface KeyStream extends NodeJS.ReadableStream {
  setRawMode?(raw: boolean): unknown;
  ref?(): void;
  unref?(): void;
}

/** How long a lone ESC may be the beginning of a longer key, in ms. */
const ESCAPE_MS = 50;

/**
 * Reads keys until the function it gives is called; the terminal is raw meanwhile. A paste comes as one press where
 * the terminal marks it (bracketed paste).
 */
export function readKeys(stdin: KeyStream, onPress: (press: Press) => void): () => void {
  let pasted: string | undefined;
  const onKey = (text: string | undefined, key: Key): void => {
    if (key.name === 'paste-start') pasted = '';
    else if (key.name === 'paste-end') {
      if (pasted) onPress({ kind: 'paste', text: pasted });
      pasted = undefined;
    } else if (pasted !== undefined) pasted += readPasted(text, key);
    else {
      const press = namePress(text, key);
      if (press) onPress(press);
    }
  };
  emitKeypressEvents(stdin, { escapeCodeTimeout: ESCAPE_MS } as unknown as Interface);
  stdin.on('keypress', onKey);
  stdin.setRawMode?.(true);
  stdin.ref?.();
  stdin.resume();
  return () => {
    stdin.off('keypress', onKey);
    stdin.setRawMode?.(false);
    stdin.pause();
    stdin.unref?.();
  };
}

function readPasted(text: string | undefined, key: Key): string {
  if (key.name === 'return' || key.name === 'enter') return '\n';
  if (key.name === 'tab') return '\t';
  return text !== undefined && isPrintable(text) ? text : '';
}

/** What node's decoder read, in our names; undefined: a key that nobody knows. */
export function namePress(text: string | undefined, key: Key): Press | undefined {
  const { name, ctrl, meta, shift } = key;
  if (name === 'enter') return { kind: 'key', name: 'ctrl+j' };
  if (ctrl && name) return { kind: 'key', name: `ctrl+${name}` };
  if (meta && name && name !== 'escape')
    return { kind: 'key', name: `alt+${shift ? name.toUpperCase() : name}` };
  if (text !== undefined && isPrintable(text)) return { kind: 'char', char: text };
  return name === undefined || name === ''
    ? undefined
    : { kind: 'key', name: shift ? `shift+${name}` : name };
}

function isPrintable(text: string): boolean {
  return !/\p{Control}/u.test(text);
}
