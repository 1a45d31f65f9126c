import { isAbsolute, relative } from 'node:path';

/** Whether `path` is `parent` or lies below it. */
export function isInside(path: string, parent: string): boolean {
  const way = relative(parent, path);
  return way === '' || (way !== '..' && !way.startsWith('../') && !isAbsolute(way));
}
