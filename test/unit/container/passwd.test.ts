import { expect, test } from 'vitest';
import { extendPasswd } from '../../../src/container/passwd.ts';

const image = 'root:x:0:0:root:/root:/bin/bash\nnode:x:1000:1000::/home/node:/bin/bash\n';

test('a uid that is there with the right home needs nothing', () => {
  expect(extendPasswd(image, { uid: 1000, gid: 1000, home: '/home/node' })).toBeUndefined();
});

test('a uid that is missing gets an entry with a free name', () => {
  expect(extendPasswd(`${image}agent:x:5:5::/:/bin/sh\n`, { uid: 1234, gid: 99, home: '/home/node' })).toBe(
    `agent1:x:1234:99:adr:/home/node:/bin/sh\n${image}agent:x:5:5::/:/bin/sh\n`,
  );
});

test('a uid with another home keeps its name', () => {
  expect(extendPasswd(image, { uid: 0, gid: 0, home: '/home/node' })).toBe(
    'root:x:0:0:adr:/home/node:/bin/sh\nnode:x:1000:1000::/home/node:/bin/bash\n',
  );
});
