import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { buildCreateCall, formatMount } from '../../../src/container/create-argv.ts';
import type { ContainerSpec } from '../../../src/container/spec.ts';

const spec: ContainerSpec = {
  identity: {
    run: '0123456789ab',
    type: 'pi',
    agent: 'main',
    session: 'refactor',
    sessionId: 'feedbeef',
    workspace: '/home/me/my app',
    createdAt: '2026-01-02T03:04:05.000Z',
    version: '1.0.0',
    owner: { uid: 1000, pid: 42, startTime: '77', boot: 'boot/ns' },
  },
  image: 'coding-agent/pi:latest',
  argv: ['pi', '--model', 'x'],
  tty: true,
  stdin: true,
  workdir: '/workspace',
  user: { uid: 1000, gid: 1000 },
  mounts: [{ source: '/home/me/my app', target: '/workspace', readOnly: false }],
  variables: [
    { name: 'TERM', value: 'xterm-256color', secret: false },
    { name: 'OPENAI_API_KEY', value: 'sk-1', secret: true },
    { name: 'PATH', value: '/mine', secret: true },
  ],
  network: 'bridge',
  hostGateway: true,
  publish: [],
  homeVolume: undefined,
  configVolume: undefined,
  memory: 4 * 2 ** 30,
  memorySwap: 4 * 2 ** 30,
  cpus: 2,
  pids: 4096,
};

test('an interactive run, whole', () => {
  const { args, env, input } = buildCreateCall(spec);
  expect(args.join(' ').replaceAll(' --', '\n--')).toMatchInlineSnapshot(`
    "create
    --init
    --tty
    --interactive
    --name adr-refactor-main-0123456789ab
    --cap-drop ALL
    --security-opt no-new-privileges
    --user 1000:1000
    --pids-limit 4096
    --memory 4294967296
    --memory-swap 4294967296
    --cpus 2
    --network bridge
    --add-host host.docker.internal:host-gateway
    --log-driver none
    --workdir /workspace
    --mount type=bind,source=/home/me/my app,target=/workspace
    --env TERM=xterm-256color
    --env OPENAI_API_KEY
    --env-file /dev/stdin
    --label adr.managed=true
    --label adr.run=0123456789ab
    --label adr.type=pi
    --label adr.agent=main
    --label adr.session=refactor
    --label adr.session-id=feedbeef
    --label adr.workspace=/home/me/my app
    --label adr.created-at=2026-01-02T03:04:05.000Z
    --label adr.version=1.0.0
    --label adr.owner=1000:42:77:boot/ns coding-agent/pi:latest pi
    --model x"
  `);
  expect(env).toEqual({ OPENAI_API_KEY: 'sk-1' });
  expect(input).toBe('PATH=/mine\n');
});

describe('podman, whose argv alone is tested', () => {
  const words = (more: Partial<ContainerSpec>, uid: number) =>
    buildCreateCall({ ...spec, ...more }, { program: 'podman', uid }).args;
  const docker = (more: Partial<ContainerSpec> = {}) => buildCreateCall({ ...spec, ...more }).args;

  test('as root gets the same words, but a log of its own kind', () => {
    expect(words({}, 0)).toEqual(docker());
    const log = words({ tty: false }, 0);
    expect(log).not.toContain('max-file=3');
    expect(log[log.indexOf('--log-driver') + 1]).toBe('k8s-file');
    expect(log.filter((word) => !docker({ tty: false }).includes(word))).toEqual(['k8s-file']);
  });

  test("without root keeps the user's id, so that the workspace is his", () => {
    const more = words({ user: { uid: 1000, gid: 100 } }, 1000);
    expect(more[more.indexOf('--userns') + 1]).toBe('keep-id:uid=1000,gid=100');
    expect(words({}, 1000).filter((word) => !docker().includes(word))).toEqual([
      '--userns',
      'keep-id:uid=1000,gid=1000',
    ]);
  });
});

test('a read-only run has its volumes, the second only for who looks there', () => {
  const more = (configVolume: string | undefined) =>
    buildCreateCall({ ...spec, homeVolume: 'adr-1', configVolume }).args.filter((word) =>
      word.startsWith('type=volume'),
    );
  const home = 'type=volume,source=adr-1,target=/home/node,volume-nocopy';
  expect(more(undefined)).toEqual([home]);
  expect(more('adr-1-config')).toEqual([
    home,
    'type=volume,source=adr-1-config,target=/mnt/agent-config-ro,readonly,volume-nocopy',
  ]);
});

test('a headless run keeps a rotated log, limits of 0 are lifted, none has no host gateway', () => {
  const { args } = buildCreateCall({
    ...spec,
    tty: false,
    memory: 0,
    cpus: 0,
    pids: 0,
    network: 'none',
    variables: [],
  });
  expect(args.join(' ')).toContain('--log-driver json-file --log-opt max-size=10m --log-opt max-file=3');
  expect(args.join(' ')).not.toMatch(/--memory|--cpus|--pids-limit|--add-host|--tty|--env-file/);
});

test('a value with a line break cannot go where the client would take it for its own', () => {
  const variables = [{ name: 'DOCKER_HOST', value: 'a\nb', secret: true }];
  expect(() => buildCreateCall({ ...spec, variables })).toThrow(
    'the value of "DOCKER_HOST" holds a line break',
  );
});

describe('mounts are CSV', () => {
  test.each([
    ['/a b', 'type=bind,source=/a b,target=/w'],
    ['/a:b', 'type=bind,source=/a:b,target=/w'],
    ['/a,b', 'type=bind,"source=/a,b",target=/w'],
    ['/a"b', 'type=bind,"source=/a""b",target=/w'],
  ])('%s', (source, expected) => {
    expect(formatMount({ source, target: '/w', readOnly: false })).toBe(expected);
  });

  test('any path comes back out of it', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary', minLength: 1 }), (path) => {
        const text = formatMount({ source: `/${path}`, target: '/w', readOnly: true });
        expect(parseCsv(text)).toEqual(['type=bind', `source=/${path}`, 'target=/w', 'readonly']);
      }),
    );
  });
});

/** Fields as Go's encoding/csv reads them. */
function parseCsv(text: string): readonly string[] {
  return [...text.matchAll(/"((?:[^"]|"")*)"(?:,|$)|([^,]*)(?:,|$)/g)]
    .filter((match) => match[0] !== '')
    .map((match) => match[1]?.replaceAll('""', '"') ?? match[2] ?? '');
}
