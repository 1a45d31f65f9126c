/** One exit code for several targets: theirs when they agree, 7 when only some succeeded, else the first failure. */
export function mergeExitCodes(codes: readonly number[]): number {
  const first = codes[0] ?? 0;
  if (codes.every((code) => code === first)) return first;
  return codes.includes(0) ? 7 : first;
}
