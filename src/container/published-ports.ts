import { AdrError } from '../errors.ts';
import type { PublishedPort } from './spec.ts';

/** `[HOST:]PORT` of every `--publish`. Throws USAGE: no port, one twice, a network that has none of its own. */
export function parsePublished(settings: {
  readonly publish: readonly string[];
  readonly network: string;
}): readonly PublishedPort[] {
  const ports = settings.publish.map(parsePort);
  const twice = ports.find(({ host }, index) => ports.findIndex((other) => other.host === host) !== index);
  if (twice) {
    throw new AdrError('USAGE', `port ${twice.host} is published twice`, { hint: 'give another HOST:PORT' });
  }
  if (ports.length > 0 && (settings.network === 'none' || settings.network === 'host')) {
    throw new AdrError('USAGE', `--publish means nothing with --network ${settings.network}`, {
      hint:
        settings.network === 'host' ? 'its ports are those of this machine already' : 'use --network bridge',
    });
  }
  return ports;
}

function parsePort(text: string): PublishedPort {
  const match = /^(?:(\d{1,5}):)?(\d{1,5})$/.exec(text);
  const container = Number(match?.[2]);
  const host = Number(match?.[1] ?? match?.[2]);
  const isPort = (port: number) => port >= 1 && port <= 65535;
  if (match && isPort(host) && isPort(container)) return { host, container };
  throw new AdrError('USAGE', `--publish ${JSON.stringify(text)} is no port`, {
    hint: 'write PORT or HOST:PORT, for example 8080:3000',
  });
}
