const STRING = /"(?:[^"\\\u0000-\u001f]|\\(?:["\\/bfnrt]|u[\da-fA-F]{4}))*"/y;
const SCALAR = /true|false|null|-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?/y;
const BLANK = /[ \t\r\n]*/y;

/** Where a text stops being JSON; lines and columns count from 1, `ended`: it only breaks off. */
export interface JsonError {
  readonly line: number;
  readonly column: number;
  readonly ended: boolean;
}

/** The first place where a text is no JSON; undefined where it is. Node's own message does not always say it. */
export function locateJsonError(text: string): JsonError | undefined {
  const at = scan(text);
  if (at === undefined) return undefined;
  const before = text.slice(0, at).split('\n');
  const ended = text.slice(at).trim() === '' || /^"[^"]*$/.test(text.slice(at));
  return { line: before.length, column: (before.at(-1) ?? '').length + 1, ended };
}

/** What may come next: a value (in `[` also its end), a key, or what stands behind a value. */
type Expected = 'value' | 'first-item' | 'key' | 'first-key' | 'rest';

function scan(text: string): number | undefined {
  const open: string[] = [];
  let expected: Expected = 'value';
  let at = 0;
  const skip = (token: RegExp): boolean => {
    token.lastIndex = at;
    const found = token.exec(text);
    if (found) at += found[0].length;
    return found !== null;
  };
  for (;;) {
    skip(BLANK);
    if (expected === 'rest' && open.length === 0) return at < text.length ? at : undefined;
    const char = text[at];
    const closes = open.at(-1) === '[' ? ']' : '}';
    if (char === closes && open.length > 0 && expected !== 'value' && expected !== 'key') {
      open.pop();
      at++;
      expected = 'rest';
    } else if (expected === 'rest') {
      if (char !== ',') return at;
      at++;
      expected = open.at(-1) === '[' ? 'value' : 'key';
    } else if (expected === 'key' || expected === 'first-key') {
      if (!skip(STRING)) return at;
      skip(BLANK);
      if (text[at] !== ':') return at;
      at++;
      expected = 'value';
    } else if (char === '[' || char === '{') {
      open.push(char);
      at++;
      expected = char === '[' ? 'first-item' : 'first-key';
    } else {
      if (!skip(STRING) && !skip(SCALAR)) return at;
      expected = 'rest';
    }
  }
}
