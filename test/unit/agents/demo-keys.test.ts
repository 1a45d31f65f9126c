import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { decodeKeys, emptyDecoder, flushKeys, type Key } from '../../../src/demo-agent/keys.ts';

const bytes = (text: string): Uint8Array => new TextEncoder().encode(text);

function decodeAll(chunks: readonly Uint8Array[]): readonly Key[] {
  let state = emptyDecoder;
  const keys: Key[] = [];
  for (const chunk of chunks) {
    const decoded = decodeKeys(state, chunk);
    state = decoded.state;
    keys.push(...decoded.keys);
  }
  return keys;
}

function joinText(keys: readonly Key[]): readonly Key[] {
  const joined: Key[] = [];
  for (const key of keys) {
    const last = joined.at(-1);
    if (key.kind !== 'text' || last?.kind !== 'text') joined.push(key);
    else joined[joined.length - 1] = { kind: 'text', text: last.text + key.text };
  }
  return joined;
}

describe('decodeKeys', () => {
  test('tells text, controls and sequences apart', () => {
    expect(decodeAll([bytes('ab\r\n\x7f\x15\x03\x1b[A\x1bOB\x1b[3~\x1b[13;2u')])).toEqual([
      { kind: 'text', text: 'ab' },
      ...['enter', 'newline', 'backspace', 'ctrl-u', 'ctrl-c', 'up', 'down', 'delete', 'newline'].map(
        (name) => ({ kind: 'press', name }),
      ),
    ]);
  });

  test('ignores sequences it does not know', () => {
    expect(decodeAll([bytes('\x1b[I\x1b[<0;1;1Mx\x1b[?1;2c')])).toEqual([{ kind: 'text', text: 'x' }]);
  });

  test('keeps the newlines of a paste, as LF, and drops what no prompt may hold', () => {
    expect(decodeAll([bytes('\x1b[200~a\rb\r\nc\n\td\x07\x1b[201~\r')])).toEqual([
      { kind: 'paste', text: 'a\nb\nc\n\td' },
      { kind: 'press', name: 'enter' },
    ]);
  });

  test('a lone ESC is Escape once nothing follows', () => {
    const decoded = decodeKeys(emptyDecoder, bytes('\x1b'));
    expect(decoded.keys).toEqual([]);
    expect(flushKeys(decoded.state).keys).toEqual([{ kind: 'press', name: 'escape' }]);
  });

  test('Escape and a letter in one chunk are two keys', () => {
    expect(decodeAll([bytes('\x1bx')])).toEqual([
      { kind: 'press', name: 'escape' },
      { kind: 'text', text: 'x' },
    ]);
  });

  test('a flush leaves an open paste alone', () => {
    const { state } = decodeKeys(emptyDecoder, bytes('\x1b[200~abc\x1b[20'));
    expect(flushKeys(state).state).toEqual(state);
    expect(decodeKeys(state, bytes('1~')).keys).toEqual([{ kind: 'paste', text: 'abc' }]);
  });

  test('gives the same keys however the input is cut', () => {
    const input = bytes('né日本👩‍👩‍👧\x1b[A\x1b[200~line 1\n  ü\x1b[x \x1b[201~\r\x1b[3~end');
    const whole = joinText(decodeAll([input]));
    fc.assert(
      fc.property(fc.array(fc.integer({ min: 0, max: input.length })), (cuts) => {
        const places = [0, ...cuts.sort((a, b) => a - b), input.length];
        const chunks = places.slice(1).map((end, index) => input.slice(places[index], end));
        expect(joinText(decodeAll(chunks))).toEqual(whole);
      }),
    );
  });
});
