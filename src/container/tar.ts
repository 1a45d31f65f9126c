/** One entry of a tar stream; ids are numeric, names are never looked up. */
export interface TarEntry {
  /** Relative, `/` between parts; a directory's trailing slash is added here. */
  readonly path: string;
  readonly kind: 'file' | 'directory' | 'link';
  readonly mode: number;
  readonly uid: number;
  readonly gid: number;
  readonly content?: Uint8Array | string;
  /** Where a symbolic link leads: at most 100 bytes of ASCII. */
  readonly target?: string;
}

const BLOCK = 512;
const LARGEST_OCTAL_ID = 0o7777777;
const TYPES = { file: '0', link: '2', directory: '5' } as const;

/**
 * A whole tar archive (POSIX pax): any path length and any character, ids over 2097151, mtime 0 so that the same
 * input gives the same bytes. A hundred lines instead of a dependency: `cp -` needs no more than this.
 */
export function writeTar(entries: readonly TarEntry[]): Buffer {
  const blocks = entries.flatMap(writeEntry);
  return Buffer.concat([...blocks, Buffer.alloc(2 * BLOCK)]);
}

function writeEntry(entry: TarEntry): readonly Buffer[] {
  const path = entry.kind === 'directory' ? `${entry.path.replace(/\/+$/, '')}/` : entry.path;
  const content =
    entry.kind !== 'file'
      ? Buffer.alloc(0)
      : typeof entry.content === 'string'
        ? Buffer.from(entry.content)
        : Buffer.from(entry.content ?? []);
  const records: string[] = [];
  if (Buffer.byteLength(path) > 100 || /[^\x20-\x7e]/.test(path)) records.push(formatRecord('path', path));
  if (entry.uid > LARGEST_OCTAL_ID) records.push(formatRecord('uid', `${entry.uid}`));
  if (entry.gid > LARGEST_OCTAL_ID) records.push(formatRecord('gid', `${entry.gid}`));
  const header = writeHeader({
    ...entry,
    path,
    size: content.length,
    type: TYPES[entry.kind],
  });
  const body = [header, padBlock(content)];
  if (records.length === 0) return body;
  const pax = Buffer.from(records.join(''));
  const paxHeader = writeHeader({ path: 'pax', mode: 0o600, uid: 0, gid: 0, size: pax.length, type: 'x' });
  return [paxHeader, padBlock(pax), ...body];
}

function writeHeader(fields: {
  readonly path: string;
  readonly mode: number;
  readonly uid: number;
  readonly gid: number;
  readonly size: number;
  readonly type: string;
  readonly target?: string;
}): Buffer {
  const header = Buffer.alloc(BLOCK);
  Buffer.from(fields.path).copy(header, 0, 0, 100);
  const octal = (value: number, at: number, width: number) =>
    header.write(`${value.toString(8).padStart(width - 1, '0')}\0`, at, 'latin1');
  octal(fields.mode, 100, 8);
  octal(Math.min(fields.uid, LARGEST_OCTAL_ID), 108, 8);
  octal(Math.min(fields.gid, LARGEST_OCTAL_ID), 116, 8);
  octal(fields.size, 124, 12);
  octal(0, 136, 12);
  header.write('        ', 148, 'latin1');
  header.write(fields.type, 156, 'latin1');
  header.write(fields.target ?? '', 157, 100, 'latin1');
  header.write('ustar\x0000', 257, 'latin1');
  const sum = header.reduce((total, byte) => total + byte, 0);
  header.write(`${sum.toString(8).padStart(6, '0')}\0 `, 148, 'latin1');
  return header;
}

/** `<length> key=value\n`, where the length counts itself. */
function formatRecord(key: string, value: string): string {
  const rest = ` ${key}=${value}\n`;
  const bytes = Buffer.byteLength(rest);
  let length = bytes + `${bytes}`.length;
  if (`${length}`.length !== `${bytes}`.length) length = bytes + `${length}`.length;
  return `${length}${rest}`;
}

function padBlock(content: Buffer): Buffer {
  const rest = content.length % BLOCK;
  return rest === 0 ? content : Buffer.concat([content, Buffer.alloc(BLOCK - rest)]);
}

/** The content of the first plain file in a tar archive (what `cp CONTAINER:FILE -` gives); undefined: none. */
export function readFirstTarFile(archive: Buffer): Buffer | undefined {
  let at = 0;
  while (at + BLOCK <= archive.length) {
    const header = archive.subarray(at, at + BLOCK);
    if (header[0] === 0) return undefined;
    const size = Number.parseInt(header.toString('latin1', 124, 136).replace(/[\0 ]+$/, ''), 8);
    const type = header.toString('latin1', 156, 157);
    if (!Number.isFinite(size)) return undefined;
    if (type === '0' || type === '\0') return archive.subarray(at + BLOCK, at + BLOCK + size);
    at += BLOCK + Math.ceil(size / BLOCK) * BLOCK;
  }
  return undefined;
}
