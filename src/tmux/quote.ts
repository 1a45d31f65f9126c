/**
 * Quotes one word for a line of `source-file -`: single quotes, in which tmux expands neither `$VARS` nor `#{}`
 * nor `~` (double quotes do, tmux 3.3a). Throws on a line break, which a quoted word cannot hold safely: lines
 * that start with `#` would vanish.
 */
export function quoteWord(word: string): string {
  if (/[\n\r\0]/.test(word))
    throw new TypeError(`a tmux word cannot hold a line break: ${JSON.stringify(word)}`);
  return /^[A-Za-z0-9_./:@%+,=-]+$/.test(word) && !word.startsWith('~')
    ? word
    : `'${word.replaceAll("'", `'\\''`)}'`;
}

/** One command as a line of `source-file -`. */
export function formatCommand(words: readonly string[]): string {
  return words.map(quoteWord).join(' ');
}

/** Several commands on one line: the first that fails stops the rest. */
export function formatChain(commands: readonly (readonly string[])[]): string {
  return commands.map(formatCommand).join(' ; ');
}

/** Text that a format (pane title, border) shows as it is. */
export function escapeFormat(text: string): string {
  return text.replaceAll('#', '##');
}

/** An argument of the tmux command line: a trailing `;` would end the command (tmux 3.3a, also with `-l --`). */
export function escapeArgument(argument: string): string {
  return argument.endsWith(';') ? `${argument.slice(0, -1)}\\;` : argument;
}
