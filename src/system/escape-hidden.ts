/** Makes visible what a terminal would obey or not show: controls, blanks but the space, direction marks. */
export function escapeHidden(text: string): string {
  return text.replace(/\p{C}|\p{DI}|(?! )\p{Z}/gu, (c) => `\\u{${c.codePointAt(0)?.toString(16)}}`);
}
