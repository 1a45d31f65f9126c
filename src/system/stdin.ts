import { fstatSync } from 'node:fs';

/** Whether something is piped or redirected into a stream; a terminal, /dev/null and a closed one are not. */
export function isPiped(stream: NodeJS.ReadableStream & { readonly fd?: number }): boolean {
  if (stream.fd === undefined) return true;
  try {
    const found = fstatSync(stream.fd);
    return found.isFIFO() || found.isFile() || found.isSocket();
  } catch {
    return false;
  }
}
