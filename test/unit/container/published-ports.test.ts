import { expect, test } from 'vitest';
import { parsePublished } from '../../../src/container/published-ports.ts';

const parse = (...publish: readonly string[]) => parsePublished({ publish, network: 'bridge' });

test('a port, or a host’s port before it', () => {
  expect(parse('3000', '8080:3000', '1:65535')).toEqual([
    { host: 3000, container: 3000 },
    { host: 8080, container: 3000 },
    { host: 1, container: 65535 },
  ]);
});

test.each([
  '',
  ':',
  '0',
  '65536',
  '80:',
  ':80',
  '0:80',
  '80:0',
  'http',
  '1.5',
  '-1',
  ' 80',
  '80/udp',
  '8080:3000:1',
])('%j is no port', (text) => {
  expect(() => parse(text)).toThrow(expect.objectContaining({ code: 'USAGE', exitCode: 2 }));
});

test('an address would open it to the network', () => {
  expect(() => parse('0.0.0.0:80:80')).toThrow(/"0\.0\.0\.0:80:80" is no port/);
});

test('one of this machine’s ports serves one of the container’s', () => {
  expect(() => parse('80:1', '80:2')).toThrow(/port 80 is published twice/);
  expect(parse('80:1', '81:1')).toHaveLength(2);
});

test.each(['none', 'host'])('network %s has no ports of its own', (network) => {
  expect(() => parsePublished({ publish: ['80'], network })).toThrow(`--network ${network}`);
  expect(parsePublished({ publish: [], network })).toEqual([]);
});
