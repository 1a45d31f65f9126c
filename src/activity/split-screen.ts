/** Lines of a screen: no-break blanks are blanks, trailing blanks and trailing empty lines are gone. */
export function splitScreen(screen: string): string[] {
  const plain = screen.replace(/\r/gu, '').replace(/\u00a0/gu, ' ');
  const lines = plain.split('\n').map((line) => line.trimEnd());
  while (lines.length > 0 && lines.at(-1) === '') lines.pop();
  return lines;
}
