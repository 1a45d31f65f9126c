import { expect, test } from 'vitest';
import { describeEngineFailure } from '../../../src/container/engine-errors.ts';

test.each([
  [
    'Error: No such image: coding-agent/pi:latest',
    'IMAGE_NOT_FOUND',
    'image "coding-agent/pi:latest" not found',
  ],
  ["Unable to find image 'x:1' locally", 'IMAGE_NOT_FOUND', 'image "x:1" not found'],
  [
    'Cannot connect to the Docker daemon at unix:///var/run/docker.sock. Is the docker daemon running?',
    'SOCKET_ERROR',
    'cannot reach the docker engine',
  ],
  [
    'Got permission denied while trying to connect to the Docker daemon socket at unix:///var/run/docker.sock',
    'SOCKET_ERROR',
    'no permission to talk to the docker engine',
  ],
  ['Error response from daemon: network nope not found', 'NETWORK_ERROR', 'network "nope" not found'],
  [
    'Error response from daemon: could not find an available, non-overlapping IPv4 address pool among the defaults',
    'NETWORK_ERROR',
    'the network could not be set up: could not find an available, non-overlapping IPv4 address pool',
  ],
  [
    'Error response from daemon: Range of CPUs is from 0.01 to 2.00, as there are only 2 CPUs available.',
    'RESOURCE_LIMIT',
    'the engine refuses for lack of resources: Range of CPUs is from 0.01 to 2.00, as there are only 2 CPUs available.',
  ],
  [
    'Error response from daemon: Minimum memory limit allowed is 6MB.',
    'RESOURCE_LIMIT',
    'the engine refuses for lack of resources: Minimum memory limit allowed is 6MB.',
  ],
  [
    'docker: Error response from daemon: Conflict. The container name "/adr-x-1" is already in use by container "ab".',
    'NAME_CONFLICT',
    'a container named "adr-x-1" exists already',
  ],
  [
    'OCI runtime create failed: exec: "claude": executable file not found in $PATH: unknown',
    'AGENT_NOT_IN_IMAGE',
    'the image has no program "claude"',
  ],
  [
    'Error response from daemon: invalid mount config for type "bind": bind source path does not exist: /gone',
    'MOUNT_INVALID',
    'the engine cannot mount "/gone"',
  ],
  [
    "WARNING: x\nError response from daemon: something new\nSee 'docker create --help'.",
    'ENGINE_FAILED',
    'docker could not create it: something new',
  ],
])('%s', (stderr, code, message) => {
  const error = describeEngineFailure('docker', 'create it', { failure: 'none', exitCode: 1, stderr });
  expect(error.code).toBe(code);
  expect(error.message).toBe(message);
  expect(error.hint).toBeTruthy();
});

test('a client that is not there, or does not answer', () => {
  const result = { exitCode: null, stderr: '' };
  expect(describeEngineFailure('podman', 'x', { ...result, failure: 'not-found' }).code).toBe(
    'ENGINE_MISSING',
  );
  expect(describeEngineFailure('docker', 'x', { ...result, failure: 'timeout' }).code).toBe('SOCKET_ERROR');
});
