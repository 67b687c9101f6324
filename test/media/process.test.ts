import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { mkdtemp, readdir, rm } from 'node:fs/promises';
import { createServer, type Server } from 'node:http';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';

const built = existsSync('dist/index.js');
const title = built
  ? 'save() in a process'
  : 'save() in a process: skipped, because dist/ is missing (npm run build)';

describe.skipIf(!built)(title, () => {
  let folder: string;
  let server: Server;
  let url: string;
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'aimlapi-wan-'));
    server = createServer((request, response) => {
      if (request.url === '/whole') response.end(Buffer.alloc(200_000));
      else response.writeHead(200, { 'content-length': 1_000_000 }).write(Buffer.alloc(100_000));
    }).listen(0, '127.0.0.1');
    await once(server, 'listening');
    const address = server.address();
    url = `http://127.0.0.1:${typeof address === 'object' && address ? address.port : 0}`;
  });
  afterAll(async () => {
    server.close().closeAllConnections();
    await rm(folder, { recursive: true });
  });

  /** Saves in a process of its own, which says when the first bytes are there. */
  function save(path: string, shell: string) {
    const script = `
      import { createWan } from ${JSON.stringify(resolve('dist/index.js'))};
      const onProgress = () => console.log('progress');
      await createWan({ apiKey: 'k' }).save('${url}${path}', ${JSON.stringify(join(folder, 'v.mp4'))}, { onProgress })
        .catch((error) => console.log(error.name, error.cause?.code));`;
    return spawn('sh', ['-c', `${shell} exec "$0" --input-type=module -e "$1"`, process.execPath, script], {
      stdio: ['ignore', 'pipe', 'inherit'],
    });
  }

  it('that is killed leaves the part, and no file under the final name', async () => {
    const child = save('/endless', '');
    await once(child.stdout, 'data');
    child.kill('SIGKILL');
    await once(child, 'exit');
    expect(await readdir(folder)).toEqual([expect.stringMatching(/^v\.mp4\.[0-9a-f]{8}\.part$/)]);
    for (const name of await readdir(folder)) await rm(join(folder, name));
  });

  it('that may write no more says so, and leaves nothing', async () => {
    // a limit on file sizes ends a write as a full disk does
    const child = save('/whole', 'ulimit -f 16;');
    let output = '';
    child.stdout.setEncoding('utf8').on('data', (text) => {
      output += text;
    });
    await once(child, 'close');
    expect(output).toContain('DownloadError EFBIG');
    expect(await readdir(folder)).toEqual([]);
  });
});
