import { readdir, readFile, writeFile } from 'node:fs/promises';
import type { ServerResponse } from 'node:http';
import { join } from 'node:path';
import { inspect } from 'node:util';
import { beforeEach, describe, expect, it } from 'vitest';
import { createWan, DownloadError } from '../../src/index.js';
import { createFakeApi } from '../../src/testing.js';
import { failureOf, makeFolder, serveFiles, shortenPauses } from './file-server.js';

beforeEach(shortenPauses);

const wan = createWan({ apiKey: 'k', maxRetries: 0 });
const patient = createWan({ apiKey: 'k', maxRetries: 2 });
const fromAnswer = { allowPrivateHosts: true };

function bytesOf(text: string): Buffer {
  return Buffer.from(text, 'latin1');
}

function utf16(text: string, bigEndian = false): Buffer {
  const bytes = Buffer.from(text, 'utf16le');
  return bigEndian ? bytes.swap16() : bytes;
}

const png = bytesOf(`\x89PNG\r\n\x1a\n${'{"x": "<html>"}'.repeat(100)}`);
const long = 'x'.repeat(100_000);

/** Answers 200 with these bytes, in pieces of this length. */
function answer(response: ServerResponse, bytes: Buffer, type?: string, pieceBytes = bytes.length): void {
  response.writeHead(200, { ...(type && { 'content-type': type }) });
  for (let at = 0; at < bytes.length; at += pieceBytes) response.write(bytes.subarray(at, at + pieceBytes));
  response.end();
}

const pages: [string, Buffer, string?][] = [
  ['a page', bytesOf('<!DOCTYPE html><html><title>moved</title></html>')],
  ['a page without a type', bytesOf('<html>gone</html>')],
  ['a page that says it is a video', bytesOf('<HTML\n><body>gone'), 'video/mp4'],
  ['a page after blanks and a mark', bytesOf('\xef\xbb\xbf\r\n \t<html lang="en">gone')],
  ['a page after a comment', bytesOf(`<!-- ${long.slice(0, 9_000)} --> <!-- - --> <html>gone</html>`)],
  ['a page that is a comment', bytesOf('<!-- gone -->')],
  ['a page of XML', bytesOf('<?xml version="1.0"?>\n<!DOCTYPE html PUBLIC "-//W3C//DTD XHTML">\n<html>')],
  ['a page in UTF-16', utf16('\ufeff<html>gone</html>')],
  ['a page in UTF-16, the other way round', utf16('\ufeff<html>gone</html>', true)],
  ['a page in UTF-16 without a mark', utf16('\r\n<html>gone</html>')],
  ['a heading', bytesOf('<h1>502 Bad Gateway</h1>')],
  ['a centred heading', bytesOf('<center><h1>502 Bad Gateway</h1></center>')],
  ...'form ul img link base main section header article strong em i hr code button blockquote frameset'
    .split(' ')
    .map((name): [string, Buffer, string] => [
      `a page of <${name}>`,
      bytesOf(`<${name} id=x>gone`),
      'video/mp4',
    ]),
  ['anything of the type of a page', bytesOf('gone'), 'text/html; charset=utf-8'],
  ['anything of the other type of a page', bytesOf('gone'), 'Application/XHTML+XML'],
  [
    'an error of the store',
    bytesOf('<?xml version="1.0" encoding="UTF-8"?>\n<Error><Code>No</Code></Error>'),
  ],
  ['an error of the store, bare', bytesOf('<Error>no</Error>'), 'video/mp4'],
  ['an error of the store, in a namespace', bytesOf('<?xml version="1.0"?><s3:Error xmlns:s3="x">no')],
  ['an error of the store, in an answer', bytesOf('<ErrorResponse xmlns="x"><Error/></ErrorResponse>')],
  ['an error of the store, after a doctype', bytesOf('<?xml version="1.0"?><!DOCTYPE Error>\n<Error/>')],
  [
    'an error of the store, after a doctype with entities',
    bytesOf(`<?xml version="1.0"?><!DOCTYPE foo [<!ENTITY a "b">${' '.repeat(600)}] ><!-- --><Error/>`),
    'video/mp4',
  ],
  ['a long error of the store', bytesOf(`<Error>${long}</Error>`)],
];

const data: [string, Buffer, string?][] = [
  ['45 bytes of JSON', bytesOf('{"error":"the file is not there, come back."}')],
  ['JSON that says it is a video', bytesOf('{"error":"gone"}'), 'video/mp4'],
  [
    'JSON after a mark and blanks',
    bytesOf('\xef\xbb\xbf \n {\n  "error": "gone" }'),
    'application/octet-stream',
  ],
  ['JSON in UTF-16', utf16('\ufeff{"error":"gone"}')],
  ['an empty object', bytesOf('{}')],
  ['a list', bytesOf('[{"error":"gone"}]')],
  ['an empty list', bytesOf('[ ]')],
  ['a text as JSON', bytesOf('"gone"\n')],
  ['null', bytesOf('null')],
  ['a number as JSON', bytesOf('404')],
  ['a number as JSON that says it is a video', bytesOf(' -1.5\n'), 'video/mp4'],
  ['a number as JSON that says it is bytes', bytesOf('404'), 'application/octet-stream'],
  ['a long text as JSON', bytesOf(JSON.stringify('no "such" file '.repeat(50)))],
  ['a longer text as JSON', bytesOf(JSON.stringify(long)), 'video/mp4'],
  ['lines of JSON by their type', bytesOf('gone'), 'application/jsonl'],
  ['lines of JSON by another type', bytesOf('gone'), 'application/jsonlines'],
  ['a sequence of JSON by its type', bytesOf('gone'), 'application/json-seq'],
  ['long JSON', bytesOf(JSON.stringify({ error: long }))],
  ['anything of the type of JSON', bytesOf('gone'), 'application/json'],
  ['anything of a type like JSON', bytesOf('gone'), 'application/problem+json; charset=utf-8'],
];

describe('what is no media, behind a link of an answer,', () => {
  it.each([...pages, ...data])('is refused: %s', async (_, bytes, type) => {
    for (const pieceBytes of [bytes.length, 7]) {
      let asked = 0;
      const url = await serveFiles((_, response) => {
        asked += 1;
        answer(response, bytes, type, pieceBytes);
      });
      const folder = await makeFolder();
      const path = join(folder, 'v.mp4');
      await writeFile(path, 'the older one');
      const error = await failureOf(wan.save({ url }, path, fromAnswer));
      expect(error).toBeInstanceOf(DownloadError);
      expect(error).toMatchObject({ status: 200, message: expect.stringContaining('no media') });
      expect(await failureOf(wan.download({ url }, fromAnswer))).toBeInstanceOf(DownloadError);
      expect(await readFile(path, 'utf8')).toBe('the older one');
      expect(await readdir(folder)).toEqual(['v.mp4']);
      expect(asked).toBe(2);
    }
  });

  it('is asked for again, maxRetries times', async () => {
    let asked = 0;
    const url = await serveFiles((_, response) => {
      asked += 1;
      answer(response, asked < 3 ? bytesOf('{"state":"in the making"}') : png, undefined, 1);
    });
    expect(Buffer.from(await patient.download({ url }, fromAnswer))).toEqual(png);
    expect(asked).toBe(3);
    asked = -9;
    expect(await failureOf(patient.download({ url }, fromAnswer))).toMatchObject({ status: 200 });
    expect(asked).toBe(-6);
  });

  it('is asked for by a new link', async () => {
    const api = createFakeApi({ videoSeconds: 0 });
    const client = createWan({ apiKey: 'k', fetch: api.fetch });
    const job = await client.generateVideo({ model: 'wan2.2-t2v-plus', prompt: 'x' });
    const video = await client.pollUntilDone(job.id);
    const before = api.requests.length;
    api.fault({ kind: 'answer', on: 'file', status: 200, body: { error: 'not ready' } });
    api.fault({ kind: 'html', on: 'file', status: 200 });
    expect((await client.download(video)).byteLength).toBeGreaterThan(10_000);
    const kinds = api.requests.slice(before).map(({ path }) => (path.startsWith('/v2') ? 'check' : 'file'));
    expect(kinds).toEqual(['file', 'check', 'file', 'check', 'file']);
  });

  it('is refused where it breaks off or stalls, too, and not gone on with', async () => {
    const ranges: (string | undefined)[] = [];
    const url = await serveFiles((request, response) => {
      ranges.push(request.headers.range);
      if (ranges.length === 3) return answer(response, png);
      response.writeHead(200, { etag: '"v1"', 'content-length': 9_000 });
      response.write('{"error":"go', () => ranges.length === 1 && response.destroy());
    });
    const bytes = await patient.download({ url }, { ...fromAnswer, stallTimeoutMs: 200 });
    expect(Buffer.from(bytes)).toEqual(png);
    expect(ranges).toEqual([undefined, undefined, undefined]);
  });

  it.each(['<!doctype a[', '<!doctype a[]', '<!doctype ', '<!--', '<?', '<!-- -->', '"\\', '" ', '"'])(
    'is found out in linear time where it repeats %j',
    async (piece) => {
      const timeOf = async (length: number) => {
        const fetch = async () => new Response(piece.repeat(length / piece.length));
        const startedAt = performance.now();
        for (let round = 0; round < 20; round += 1) {
          await failureOf(
            createWan({ apiKey: 'k', fetch, maxRetries: 0 }).download({ url: 'https://x.example/v' }),
          );
        }
        return performance.now() - startedAt;
      };
      await timeOf(1_000);
      const [once, eightfold] = [await timeOf(8_000), await timeOf(64_000)];
      expect(eightfold / once).toBeLessThan(32);
    },
    60_000,
  );

  it('is found out in many small pieces in linear time', async () => {
    const timeOf = async (length: number) => {
      const bytes = new Uint8Array(length).fill(32);
      let at = 0;
      const pull = (controller: ReadableStreamDefaultController) => {
        if (at === length) controller.close();
        else controller.enqueue(bytes.subarray(at, ++at));
      };
      const fetch = async () => new Response(new ReadableStream({ pull }));
      const startedAt = performance.now();
      await createWan({ apiKey: 'k', fetch }).download({ url: 'https://x.example/v' });
      return performance.now() - startedAt;
    };
    await timeOf(2_000);
    const [once, fourfold] = [await timeOf(15_000), await timeOf(60_000)];
    expect(fourfold / once).toBeLessThan(12);
  }, 60_000);
});

describe('what is no media, at an address that the caller passes,', () => {
  it.each(pages)('is refused where it is a page or an error of a store: %s', async (_, bytes, type) => {
    const url = await serveFiles((_, response) => answer(response, bytes, type));
    expect(await failureOf(wan.download(url))).toMatchObject({ name: 'DownloadError', status: 200 });
    expect(await failureOf(wan.download(new URL(url)))).toMatchObject({ name: 'DownloadError', status: 200 });
  });

  it.each([
    ...data,
    ['a text', bytesOf('hello'), 'text/plain'],
    ['a table', bytesOf('"a","b"\n'.repeat(200)), 'text/csv'],
    ['XML of a type of its own', bytesOf('<!DOCTYPE list [<!ENTITY a "<html>">]><list/>'), 'application/xml'],
    ['XML whose name begins like HTML', bytesOf('<link-list><link/></link-list>'), 'application/xml'],
    ['other XML', bytesOf('<?xml version="1.0"?><list><a/></list>'), 'application/xml'],
  ] as [string, Buffer, string?][])('is saved otherwise: %s', async (_, bytes, type) => {
    const url = await serveFiles((_, response) => answer(response, bytes, type));
    const path = join(await makeFolder(), 'x');
    const saved = await wan.save(url, path);
    expect(await readFile(path)).toEqual(bytes);
    expect(saved.contentType).toBe(type?.split(';')[0]?.toLowerCase() ?? 'application/octet-stream');
  });
});

describe('the first words of it', () => {
  it('are in the message, in one short line', async () => {
    const url = await serveFiles((request, response) =>
      answer(
        response,
        request.url === '/json'
          ? bytesOf(JSON.stringify({ error: `no such\nfile ${long}` }, null, 2))
          : utf16('\ufeff<Error>\r\n <Code>NoSuchKey</Code></Error>'),
        undefined,
        1_000,
      ),
    );
    const { message } = await failureOf(wan.download({ url: `${url}/json` }, fromAnswer));
    expect(message).toContain('no media but JSON: "{ "error": "no such\\nfile xxx');
    expect(message.length).toBeLessThan(400);
    expect(message).not.toMatch(/[\r\n]/);
    expect((await failureOf(wan.download({ url }, fromAnswer))).message).toContain(
      '"<Error> <Code>NoSuchKey</Code></Error>"',
    );
  });

  it('show nothing of a signed link', async () => {
    const signature = 'aBcDeFgHiJ/kLmNoPqRsT+uVwXyZ01=';
    const echoes = [
      signature,
      encodeURIComponent(signature),
      signature.replaceAll('/', '\\/'),
      signature.replaceAll('+', ' '),
    ];
    for (const echo of echoes) {
      const url = await serveFiles((request, response) => {
        if (request.url?.startsWith('/hop')) answer(response, bytesOf(`{"signature":"${echo}"}`));
        else response.writeHead(302, { location: `/hop?Signature=${encodeURIComponent(signature)}` }).end();
      });
      for (const link of [`${url}/x`, `${url}/hop?Signature=${signature}`]) {
        const error = await failureOf(wan.download({ url: link }, fromAnswer));
        expect(error.message).toContain('"signature"');
        expect(inspect(error, { depth: 9 }) + JSON.stringify(error)).not.toMatch(/aBcDeFgHiJ|uVwXyZ01/);
      }
    }
  });
});

it('the first words show no short secret of a link, nor in capitals or encoded', async () => {
  const page = '<html>abc12345 sEcReT1 SECRET1 secret1 k3+y k3%2By k3%2by a1b2';
  const url = await serveFiles((_, response) => answer(response, bytesOf(page)));
  const link = `${url}/v?token=abc12345&k=sEcReT1&api_key=k3%2By&Auth=a1b2`;
  const { message } = await failureOf(wan.download({ url: link }, fromAnswer));
  expect(message).toContain('"<html>***');
  expect(message).not.toMatch(/abc12345|secret1|k3|a1b2/i);
});

describe('media', () => {
  const svg = '<svg xmlns="http://www.w3.org/2000/svg"/>';
  const files: [type: string, bytes: Buffer][] = [
    ['image/png', png],
    ['image/jpeg', bytesOf('\xff\xd8\xff\xe0\0\x10JFIF')],
    ['image/webp', bytesOf('RIFF\x10\0\0\0WEBPVP8 ')],
    ['image/gif', bytesOf('GIF89a')],
    ['image/svg+xml', bytesOf(svg)],
    ['image/svg+xml', bytesOf(`\xef\xbb\xbf<?xml version="1.0"?>\n<!-- <html> -->\n${svg}`)],
    [
      'image/svg+xml',
      bytesOf('<!DOCTYPE svg PUBLIC "-//W3C//DTD SVG 1.1//EN" "x.dtd" [<!ENTITY a "b">]>\n<svg/>'),
    ],
    ['image/svg+xml', bytesOf('<svg:svg xmlns:svg="http://www.w3.org/2000/svg"/>')],
    ['image/svg+xml', utf16(`\ufeff${svg}`)],
    ['video/mp4', bytesOf('\0\0\0\x20ftypisom')],
    [
      'video/webm',
      bytesOf('\x1aE\xdf\xa3\x9fB\x86\x81\x01B\xf7\x81\x01B\xf2\x81\x04B\xf3\x81\x08B\x82\x84webm'),
    ],
    [
      'video/x-matroska',
      bytesOf('\x1aE\xdf\xa3\xa3B\x86\x81\x01B\xf7\x81\x01B\xf2\x81\x04B\xf3\x81\x08B\x82\x88matroska'),
    ],
    ['audio/mpeg', bytesOf('ID3\x04\0\0\0\0\0')],
    ['audio/mpeg', bytesOf('\xff\xfb\x90\0')],
    ['audio/wav', bytesOf('RIFF\x10\0\0\0WAVEfmt ')],
    ['audio/ogg', bytesOf('OggS\0\x02')],
    ['audio/flac', bytesOf('fLaC\0\0\0\x22')],
    ['audio/mp4', bytesOf('\0\0\0\x20ftypM4A ')],
    ['audio/aac', bytesOf('\xff\xf1\x50\x80')],
    ['image/tiff', bytesOf('II*\0\x08\0\0\0')],
    ['image/tiff', bytesOf('MM\0*\0\0\0\x08')],
    ['image/jxl', bytesOf('\xff\n\xfa\x1f')],
    ['image/jxl', bytesOf('\0\0\0\x0cJXL \r\n\x87\n\0\0\0\x14ftypjxl ')],
    ['image/jxl', bytesOf('\0\0\0\x14ftypjxl ')],
    ['image/jp2', bytesOf('\0\0\0\x0cjP  \r\n\x87\n')],
    ['image/x-icon', bytesOf('\0\0\x01\0\x01\0\x10\x10')],
    ['image/avif', bytesOf('\0\0\0\x1cftypmif1\0\0\0\0mif1miafavif')],
    ['image/heic', bytesOf('\0\0\0\x1cftypmif1\0\0\0\0mif1heic')],
    ['video/x-msvideo', bytesOf('RIFF\x10\0\0\0AVI LIST')],
    ['video/x-flv', bytesOf('FLV\x01\x05\0\0\0\x09')],
    ['video/mpeg', bytesOf('\0\0\x01\xba\x44')],
    ['video/mp2t', bytesOf(`G@\0\x10${'\xff'.repeat(184)}`.repeat(3))],
    ['video/x-ms-asf', bytesOf('\x30\x26\xb2\x75\x8e\x66\xcf\x11\xa6\xd9')],
    ['video/ogg', bytesOf(`OggS\0\x02${'\0'.repeat(20)}\x01\x2a\x80theora\x03`)],
    ...['moov', 'mdat', 'wide', 'free', 'skip'].map((box): [string, Buffer] => [
      'video/mp4',
      bytesOf(`\0\0\0\x08${box}\0\0`),
    ]),
    ['video/mp4', bytesOf('\0\0\0\x18stypmsdh')],
    ['video/mp4', bytesOf('\0\0\0\x68moof\0\0')],
    ['video/mp4', bytesOf('\0\0\x01\0ftypisom')],
    ['audio/aiff', bytesOf('FORM\x01\x02\x03\x04AIFF')],
    ['audio/amr', bytesOf('#!AMR\n')],
    ['audio/wav', bytesOf('RF64\xff\xff\xff\xffWAVEds64')],
  ];

  it.each(files)('is saved as %s, whatever the server calls it', async (type, bytes) => {
    for (const said of ['text/html', 'application/json', 'binary/octet-stream', 'image/x-other', undefined]) {
      const url = await serveFiles((_, response) => answer(response, bytes, said, 1));
      const path = join(await makeFolder(), 'x');
      const saved = await wan.save({ url }, path, fromAnswer);
      expect(saved).toMatchObject({ contentType: type, bytes: bytes.length });
      expect(await readFile(path)).toEqual(bytes);
    }
  });

  it.each([
    ['video/quicktime', '\0\0\0\x08wide\0\0'],
    ['video/mp4', '\0\0\0\x08moov\0\0'],
    ['video/3gpp', '\0\0\0\x20ftyp3gp5'],
    ['audio/mp4', '\0\0\0\x20ftypmp42'],
    ['audio/mp4', '\0\0\0\x20ftypM4A '],
    ['audio/x-m4a', '\0\0\0\x20ftypM4A '],
    ['video/x-m4v', '\0\0\0\x20ftypM4V '],
    ['audio/webm', '\x1aE\xdf\xa3\x9fB\x86\x81\x01webm'],
    ['video/ogg', 'OggS\0\x02'],
    ['image/heif', '\0\0\0\x1cftypmif1\0\0\0\0mif1miaf'],
  ])('is %s by the server’s word where its first bytes tell the container alone (%j)', async (type, head) => {
    const url = await serveFiles((_, response) => answer(response, bytesOf(head), type));
    const saved = await wan.save({ url }, join(await makeFolder(), 'x'), fromAnswer);
    expect(saved.contentType).toBe(type);
  });

  it.each(['The free tier has ended.', 'Gone, the file is.'])('is not a text: %s', async (words) => {
    const bytes = bytesOf(`${words.padEnd(188, 'x')}G${'x'.repeat(400)}`);
    const url = await serveFiles((_, response) => answer(response, bytes, 'text/html'));
    expect(await failureOf(wan.download({ url }, fromAnswer))).toMatchObject({ name: 'DownloadError' });
  });

  it('goes by the server’s word where its first bytes are not known', async () => {
    const bytes = bytesOf('\x01\x02\x03\x04');
    for (const [said, type] of [
      ['Video/X-New; codecs="1"', 'video/x-new'],
      [undefined, 'application/octet-stream'],
    ] as const) {
      const url = await serveFiles((_, response) => answer(response, bytes, said));
      const saved = await wan.save({ url }, join(await makeFolder(), 'x'), fromAnswer);
      expect(saved.contentType).toBe(type);
    }
  });
});
