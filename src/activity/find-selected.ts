import { readCells } from './hide-dim.ts';

/**
 * Which option of a styled screen is the chosen one, by the ground it stands on: the only one that differs from the
 * ground of its own line. -1 where none or several do (opencode 1.18.33 marks it by colour alone).
 */
export function findSelected(
  options: readonly { readonly line: number; readonly column: number }[],
  styled: string,
): number {
  const rows = readCells(styled);
  const chosen = options.flatMap(({ line, column }, index) => {
    const row = rows[line];
    const ground = row?.[column]?.ground;
    return row && ground !== undefined && ground !== findCommonGround(row) ? [index] : [];
  });
  return chosen.length === 1 ? (chosen[0] ?? -1) : -1;
}

/** The ground of most blanks of a line. */
function findCommonGround(row: readonly { readonly char: string; readonly ground: string }[]): string {
  const counts = new Map<string, number>();
  for (const { char, ground } of row) {
    if (char === ' ') counts.set(ground, (counts.get(ground) ?? 0) + 1);
  }
  return [...counts].sort((one, other) => other[1] - one[1])[0]?.[0] ?? '';
}
