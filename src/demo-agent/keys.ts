/** A key press, a run of typed text, or a bracketed paste with its newlines as LF. */
export type Key =
  | { readonly kind: 'text'; readonly text: string }
  | { readonly kind: 'paste'; readonly text: string }
  | { readonly kind: 'press'; readonly name: KeyName };

export type KeyName =
  | 'enter'
  | 'newline'
  | 'backspace'
  | 'delete'
  | 'escape'
  | 'up'
  | 'down'
  | 'left'
  | 'right'
  | 'home'
  | 'end'
  | 'ctrl-c'
  | 'ctrl-d'
  | 'ctrl-u'
  | 'ctrl-w';

/** What is left over between two chunks of input: half a character, half a sequence, an open paste. */
export interface DecoderState {
  readonly bytes: Uint8Array;
  readonly text: string;
  readonly paste: string | undefined;
}

export const emptyDecoder: DecoderState = { bytes: new Uint8Array(0), text: '', paste: undefined };

const pasteEnd = '\x1b[201~';
const wholeSequence = /^\x1b(?:\[[0-?]*[ -/]*[@-~]|O[ -~])/;
const partialSequence = /^\x1b(?:\[[0-?]*[ -/]*|O)?$/;

const controls: Readonly<Record<string, KeyName>> = {
  '\r': 'enter',
  '\n': 'newline',
  '\x7f': 'backspace',
  '\b': 'backspace',
  '\x01': 'home',
  '\x03': 'ctrl-c',
  '\x04': 'ctrl-d',
  '\x05': 'end',
  '\x15': 'ctrl-u',
  '\x17': 'ctrl-w',
};

const sequences: Readonly<Record<string, KeyName>> = {
  '[A': 'up',
  '[B': 'down',
  '[C': 'right',
  '[D': 'left',
  '[H': 'home',
  '[F': 'end',
  '[1~': 'home',
  '[4~': 'end',
  '[3~': 'delete',
  '[13;2u': 'newline',
  '[27u': 'escape',
};

/** Decodes one chunk of terminal input; what is not complete yet stays in the state. */
export function decodeKeys(
  state: DecoderState,
  chunk: Uint8Array,
): { readonly state: DecoderState; readonly keys: readonly Key[] } {
  const { text: fresh, rest: bytes } = decodeUtf8(state.bytes, chunk);
  const keys: Key[] = [];
  let text = state.text + fresh;
  let paste = state.paste;
  while (text !== '') {
    if (paste !== undefined) {
      const end = text.indexOf(pasteEnd);
      if (end < 0) {
        const kept = overlapWithPasteEnd(text);
        paste += text.slice(0, text.length - kept);
        text = text.slice(text.length - kept);
        break;
      }
      keys.push({ kind: 'paste', text: cleanPaste(paste + text.slice(0, end)) });
      text = text.slice(end + pasteEnd.length);
      paste = undefined;
      continue;
    }
    if (text.startsWith('\x1b[200~')) {
      paste = '';
      text = text.slice(6);
      continue;
    }
    if (partialSequence.test(text)) break;
    const taken = takeKey(text);
    if (taken.key !== undefined) keys.push(taken.key);
    text = text.slice(taken.length);
  }
  return { state: { bytes, text, paste }, keys };
}

/** Called when no more input came for a moment: a lone ESC was the Escape key. */
export function flushKeys(state: DecoderState): {
  readonly state: DecoderState;
  readonly keys: readonly Key[];
} {
  if (state.paste !== undefined || state.text === '') return { state, keys: [] };
  const keys: readonly Key[] = state.text === '\x1b' ? [{ kind: 'press', name: 'escape' }] : [];
  return { state: { ...state, text: '' }, keys };
}

function takeKey(text: string): { readonly key: Key | undefined; readonly length: number } {
  const run = /^[^\x00-\x1f\x7f]+/.exec(text)?.[0];
  if (run !== undefined) return { key: { kind: 'text', text: run }, length: run.length };
  if (text.startsWith('\x1b\r')) return { key: { kind: 'press', name: 'newline' }, length: 2 };
  if (text.startsWith('\x1b')) {
    const sequence = wholeSequence.exec(text)?.[0];
    if (sequence === undefined) return { key: { kind: 'press', name: 'escape' }, length: 1 };
    return { key: pressOf(sequences[sequence.slice(1).replace(/^O/, '[')]), length: sequence.length };
  }
  return { key: pressOf(controls[text.charAt(0)]), length: 1 };
}

function pressOf(name: KeyName | undefined): Key | undefined {
  return name === undefined ? undefined : { kind: 'press', name };
}

function cleanPaste(text: string): string {
  return text.replace(/\r\n?/g, '\n').replace(/[\x00-\x08\x0b-\x1f\x7f]/g, '');
}

function overlapWithPasteEnd(text: string): number {
  for (let length = Math.min(pasteEnd.length - 1, text.length); length > 0; length -= 1) {
    if (text.endsWith(pasteEnd.slice(0, length))) return length;
  }
  return 0;
}

function decodeUtf8(
  before: Uint8Array,
  chunk: Uint8Array,
): { readonly text: string; readonly rest: Uint8Array } {
  const bytes = new Uint8Array(before.length + chunk.length);
  bytes.set(before);
  bytes.set(chunk, before.length);
  const whole = bytes.length - countIncompleteTail(bytes);
  const text = new TextDecoder('utf-8', { ignoreBOM: true }).decode(bytes.subarray(0, whole));
  return { text, rest: bytes.slice(whole) };
}

function countIncompleteTail(bytes: Uint8Array): number {
  for (let back = 1; back <= Math.min(3, bytes.length); back += 1) {
    const byte = bytes[bytes.length - back] ?? 0;
    if ((byte & 0xc0) === 0x80) continue;
    const needs = byte >= 0xf0 ? 4 : byte >= 0xe0 ? 3 : byte >= 0xc0 ? 2 : 1;
    return needs > back ? back : 0;
  }
  return 0;
}
