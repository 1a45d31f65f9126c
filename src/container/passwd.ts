interface PasswdUser {
  readonly uid: number;
  readonly gid: number;
  readonly home: string;
}

/**
 * An image's `/etc/passwd` with an entry for the uid, or undefined when it has one whose home is right: without one
 * `os.userInfo()` throws and shells show "I have no name!". An entry of that uid with another home is moved behind ours.
 */
export function extendPasswd(passwd: string, user: PasswdUser): string | undefined {
  const lines = passwd.split('\n').filter((line) => line !== '');
  const own = lines.find((line) => line.split(':')[2] === `${user.uid}`);
  if (own?.split(':')[5] === user.home) return undefined;
  const name = own?.split(':')[0] ?? findFreeName(lines);
  const entry = `${name}:x:${user.uid}:${user.gid}:adr:${user.home}:/bin/sh`;
  return `${[entry, ...lines.filter((line) => line !== own)].join('\n')}\n`;
}

function findFreeName(lines: readonly string[]): string {
  const taken = new Set(lines.map((line) => line.split(':')[0]));
  for (let n = 0; ; n++) {
    const name = n === 0 ? 'agent' : `agent${n}`;
    if (!taken.has(name)) return name;
  }
}
