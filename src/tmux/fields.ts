/** Names of tmux formats by the key they get in the decoded row, free text last. */
export type FieldMap = Readonly<Record<string, string>>;

export type Row<F extends FieldMap> = { readonly [K in keyof F]: string };

/**
 * The `-F` format that prints the fields tab-joined. A tab stays a tab on all versions, while 3.4 and later print
 * 0x1f as `\037`.
 */
export function formatFields(fields: FieldMap): string {
  return Object.values(fields)
    .map((name) => `#{${name}}`)
    .join('\t');
}

/**
 * Decodes what `formatFields` printed. The last field may hold tabs of its own. Throws when a line has fewer
 * fields: that is a client without `-u` (it turns tabs to `_`) or a line break inside an option.
 */
export function parseRows<F extends FieldMap>(fields: F, output: string): readonly Row<F>[] {
  const keys = Object.keys(fields);
  return output
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => {
      const parts = line.split('\t');
      if (parts.length < keys.length) throw new Error(`unexpected line from tmux: ${JSON.stringify(line)}`);
      const last = parts.slice(keys.length - 1).join('\t');
      const values = [...parts.slice(0, keys.length - 1), last];
      return Object.fromEntries(keys.map((key, index) => [key, values[index] ?? ''])) as Row<F>;
    });
}
