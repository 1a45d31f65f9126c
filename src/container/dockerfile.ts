/**
 * The images that a Dockerfile builds on, in order: not its own stages, not `scratch`, and none whose name hangs on a
 * build argument without a default.
 */
export function listBaseImages(dockerfile: string): readonly string[] {
  const lines = dockerfile.replaceAll(/\\\r?\n/g, ' ').split(/\r?\n/);
  const defaults = new Map<string, string>();
  const stages = new Set(['scratch']);
  const images = new Set<string>();
  let begun = false;
  for (const line of lines) {
    const argument = /^\s*ARG\s+(\w+)=(\S+)/i.exec(line);
    // Only what stands before the first FROM counts in one.
    if (argument?.[1] && !begun) {
      defaults.set(argument[1], (argument[2] ?? '').replace(/^(["'])(.*)\1$/, '$2'));
    }
    const from = /^\s*FROM\s+(?:--\S+\s+)*(\S+)(?:\s+AS\s+(\S+))?/i.exec(line);
    begun ||= from !== null;
    const image = expand(from?.[1] ?? '', defaults);
    if (image !== '' && !image.includes('$') && !stages.has(image.toLowerCase())) images.add(image);
    if (from?.[2]) stages.add(from[2].toLowerCase());
  }
  return [...images];
}

function expand(text: string, defaults: ReadonlyMap<string, string>): string {
  return text.replaceAll(
    /\$(?:\{(\w+)(?::-([^}]*))?\}|(\w+))/g,
    (whole, braced?: string, otherwise?: string, bare?: string) =>
      defaults.get(braced ?? bare ?? '') ?? otherwise ?? whole,
  );
}
