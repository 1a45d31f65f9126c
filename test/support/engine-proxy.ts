import { rmSync } from 'node:fs';
import { connect, createServer, type Server, type Socket } from 'node:net';
import { execa } from 'execa';

/** A way to the real engine that can be cut and mended: what its clients see when the engine stops and comes back. */
export class EngineProxy {
  readonly host: string;
  readonly #path: string;
  readonly #engine: string;
  readonly #sockets = new Set<Socket>();
  #server: Server | undefined;

  private constructor(path: string, engine: string) {
    this.#path = path;
    this.#engine = engine;
    this.host = `unix://${path}`;
  }

  /** Listens at `path`; the engine is where the client here finds it. Throws when that is no unix socket. */
  static async open(path: string): Promise<EngineProxy> {
    const { stdout } = await execa('docker', [
      'context',
      'inspect',
      '--format',
      '{{.Endpoints.docker.Host}}',
    ]);
    const address = process.env.DOCKER_HOST ?? stdout;
    if (!address.startsWith('unix://')) throw new Error(`the engine is at ${address}, not at a unix socket`);
    const proxy = new EngineProxy(path, address.slice('unix://'.length));
    await proxy.mend();
    return proxy;
  }

  /** Breaks every connection and takes the socket away. */
  async cut(): Promise<void> {
    const server = this.#server;
    this.#server = undefined;
    rmSync(this.#path, { force: true });
    for (const socket of this.#sockets) socket.destroy();
    await new Promise((resolve) => (server ? server.close(resolve) : resolve(undefined)));
  }

  async mend(): Promise<void> {
    const server = createServer({ allowHalfOpen: true }, (client) => {
      const engine = connect({ path: this.#engine, allowHalfOpen: true });
      for (const socket of [client, engine]) {
        this.#sockets.add(socket);
        socket.on('close', () => {
          this.#sockets.delete(socket);
          client.destroy();
          engine.destroy();
        });
        socket.on('error', () => socket.destroy());
      }
      client.pipe(engine);
      engine.pipe(client);
    });
    this.#server = server;
    await new Promise<void>((resolve) => server.listen(this.#path, resolve));
  }
}
