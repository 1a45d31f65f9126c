import { execa } from 'execa';

/** A tmux client in control mode: what a pane writes arrives here as it is written, without a poll. */
export interface ControlClient {
  /** Types keys into the pane and waits until `written` holds of what it wrote since; gives ms. */
  time(keys: string, written: (output: string) => boolean): Promise<number>;
  /** What the pane has written since the last call, escape sequences in tmux's octal form. */
  take(): string;
  close(): Promise<void>;
}

const LIMIT_MS = 20_000;

/** Attaches to a session with one pane, without a say in its size. */
export async function openControlClient(socket: string, session: string): Promise<ControlClient> {
  const client = execa(
    'tmux',
    ['-u', '-L', socket, '-C', 'attach-session', '-f', 'ignore-size', '-t', `=${session}`],
    { env: { TMUX: '' }, buffer: false, reject: false, stdin: 'pipe' },
  );
  let output = '';
  let rest = '';
  let onOutput: () => void = () => undefined;
  let ready: () => void = () => undefined;
  const attached = new Promise<void>((resolve) => {
    ready = resolve;
  });
  client.stdout.setEncoding('utf8').on('data', (chunk: string) => {
    const lines = (rest + chunk).split('\n');
    rest = lines.pop() ?? '';
    for (const line of lines) {
      if (line.startsWith('%session-changed')) ready();
      const text = /^%output %\d+ (.*)$/.exec(line)?.[1];
      if (text !== undefined) output += text;
    }
    onOutput();
  });
  await attached;
  return {
    time: (keys, written) =>
      new Promise((resolve, reject) => {
        output = '';
        const limit = setTimeout(() => reject(new Error(`nothing came of ${keys}: ${output}`)), LIMIT_MS);
        const begin = performance.now();
        onOutput = () => {
          if (!written(output)) return;
          onOutput = () => undefined;
          clearTimeout(limit);
          resolve(performance.now() - begin);
        };
        client.stdin.write(`send-keys -t '=${session}:' ${keys}\n`);
      }),
    take: () => {
      const taken = output;
      output = '';
      return taken;
    },
    close: async () => {
      client.stdin.end();
      await client;
    },
  };
}
