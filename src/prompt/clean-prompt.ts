import { AdrError } from '../errors.ts';

/**
 * What may go into a pane: line ends as LF, no escape sequences and no control characters but LF and tab (a pasted
 * `ESC[201~` would end the bracketed paste: tmux 3.3a passes it on). Throws USAGE when nothing is left.
 */
export function cleanPrompt(text: string): string {
  const cleaned = text
    .replace(/\r\n?/g, '\n')
    .replace(/\x1b\[[0-?]*[ -/]*[@-~]|\x1b[@-Z\\-_]?/g, '')
    .replace(/[\x00-\x08\x0b-\x1f\x7f-\x9f]/g, '')
    .replace(/^\n+|\s+$/g, '');
  if (cleaned.trim() === '') {
    throw new AdrError('USAGE', 'the prompt is empty', {
      hint: 'give a text, --file FILE, or - for standard input',
    });
  }
  return cleaned;
}

/**
 * Puts a character before a sign that agents take for a command, a shell line, a file or a note of theirs, so that
 * they take the line as text: a blank, for pi (which trims it) one that shows nothing. Tried with pi 0.73.1, codex
 * 0.169.0, opencode 1.18.33, Claude Code 2.1.197.
 */
export function protectPrompt(text: string, type: { readonly literalPrefix?: string | undefined }): string {
  return /^\s*[/!@#]/.test(text) ? `${type.literalPrefix ?? ' '}${text}` : text;
}

/**
 * The text as it is pasted to be submitted: a blank behind a last word that may open a menu of files or skills, where
 * Enter would take the menu's choice into the prompt (opencode, claude), or stay in the composer (codex, `$name`). The
 * blank closes the menu, and agents trim it but for opencode. A lone command of the agent's own runs as it is. Tried
 * with pi 0.73.1, codex 0.169.0, opencode 1.18.33, Claude Code 2.1.197.
 */
export function closeMenu(text: string): string {
  return /[@#$/]\S*$/.test(text) && !/^[/!]\S*$/.test(text) ? `${text} ` : text;
}

/**
 * Whether the text an agent reports is the text that was sent. Agents make it NFC, a tab four blanks, and trim the
 * end (Claude Code 2.1.197, codex 0.169.0, opencode 1.18.33).
 */
export function isSamePrompt(sent: string, reported: string): boolean {
  return normalisePrompt(sent) === normalisePrompt(reported);
}

/** The form two prompts are compared in; what `protectPrompt` put in front is no part of it (codex trims it). */
export function normalisePrompt(text: string): string {
  const plain = text.normalize('NFC').replaceAll('\r\n', '\n').replaceAll('\t', '    ').trimEnd();
  return plain.replace(/^[ \u200b](?=\s*[/!@#])/, '');
}
