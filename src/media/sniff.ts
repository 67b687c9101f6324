const signatures: Readonly<Record<string, RegExp>> = {
  'image/png': /^\x89PNG\r\n.\n/s,
  'image/jpeg': /^\xff\xd8\xff/,
  'image/webp': /^RIFF.{4}WEBP/s,
  'image/gif': /^GIF8/,
  // "BM" alone could begin a text
  'image/bmp': /^BM.{4}\0{4}/s,
  'image/avif': /^.{4}ftypavi[fs]/s,
  'image/heic': /^.{4}ftyp(hei|hev|mif1|msf1)/s,
  'video/quicktime': /^.{4}ftypqt/s,
  'video/mp4': /^.{4}ftyp(?!M4A|crx)/s,
  'video/webm': /^.E\xdf\xa3/s,
};

/** The media type that a file's first bytes tell, or `undefined`. */
export function typeOfBytes(bytes: Uint8Array): string | undefined {
  const head = Buffer.from(bytes.subarray(0, 16)).toString('latin1');
  return Object.keys(signatures).find((type) => signatures[type]?.test(head));
}
