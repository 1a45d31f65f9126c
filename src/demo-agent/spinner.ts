const spinner = ['◐', '◓', '◑', '◒'] as const;

/** The spinner's glyph, one step every `stepMs`. */
export function spinnerFrame(since: number, now: number, stepMs: number): string {
  return spinner[Math.floor(Math.max(0, now - since) / stepMs) % spinner.length] ?? spinner[0];
}
