const pictures: Readonly<Record<string, RegExp>> = {
  'image/png': /^\x89PNG\r\n.\n/s,
  'image/jpeg': /^\xff\xd8\xff/,
  'image/webp': /^RIFF.{4}WEBP/s,
  'image/gif': /^GIF8/,
  // "BM" alone could begin a text
  'image/bmp': /^BM.{4}\0{4}/s,
  'image/avif': /^.{4}ftypavi[fs]/s,
  'image/heic': /^.{4}ftyp(hei|hev|mif1|msf1)/s,
};

const videos: Readonly<Record<string, RegExp>> = {
  'video/quicktime': /^.{4}ftypqt/s,
  'video/mp4': /^.{4}ftyp(?!M4A|M4B|crx)/s,
  'video/webm': /^.E\xdf\xa3/s,
};

/** What no model takes, but a file that is saved may be. The first that fits counts. */
const others: Readonly<Record<string, RegExp>> = {
  'audio/wav': /^RIFF.{4}WAVE/s,
  'audio/mpeg': /^(ID3|\xff[\xe2\xe3\xf2-\xf5\xfa-\xfd])/,
  'audio/aac': /^\xff[\xf0\xf1\xf8\xf9]/,
  'audio/flac': /^fLaC/,
  'audio/ogg': /^OggS/,
  'audio/mp4': /^.{4}ftypM4[AB]/s,
  'video/x-matroska': /^.E\xdf\xa3.{0,48}matroska/s,
};

/** The type of a picture or a video that a model may take, as its first bytes tell, or `undefined`. */
export function typeOfBytes(bytes: Uint8Array): string | undefined {
  return findType({ ...pictures, ...videos }, bytes);
}

/** The type of any picture, video or sound, as its first bytes tell, or `undefined`. */
export function mediaTypeOf(bytes: Uint8Array): string | undefined {
  return findType({ ...others, ...pictures, ...videos }, bytes);
}

function findType(signatures: Readonly<Record<string, RegExp>>, bytes: Uint8Array): string | undefined {
  const head = toLatin1(bytes.subarray(0, 64));
  return Object.keys(signatures).find((type) => signatures[type]?.test(head));
}

/** A text with one character for each byte. */
export function toLatin1(bytes: Uint8Array): string {
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString('latin1');
}
