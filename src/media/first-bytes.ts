import { decodeUtf8, fromLatin1, toLatin1 } from '../base/bytes.js';
import { parseJson } from '../base/json.js';

type Signatures = Readonly<Record<string, RegExp>>;

/** Pictures and videos that a model may take. */
const inputs: Signatures = {
  'image/png': /^\x89PNG\r\n.\n/s,
  'image/jpeg': /^\xff\xd8\xff/,
  'image/webp': /^RIFF.{4}WEBP/s,
  'image/gif': /^GIF8/,
  // "BM" alone could begin a text
  'image/bmp': /^BM.{4}\0{4}/s,
  // mif1 and msf1 tell too little: there the brands that follow count
  'image/avif': /^.{4}ftyp(m[is]f1.{4}(.{4}){0,8}?)?avi[fs]/s,
  'image/heic': /^.{4}ftyp(hei|hev|mif1|msf1)/s,
  'video/quicktime': /^.{4}ftypqt/s,
  'video/mp4': /^.{4}ftyp(?!M4A|M4B|crx|jxl)/s,
  'video/webm': /^.E\xdf\xa3/s,
};

/** Media that no model takes. They are tried first, since Matroska begins as WebM does. */
const others: Signatures = {
  'image/tiff': /^(II\*\0|MM\0\*)/,
  'image/jxl': /^(\xff\n|\0\0\0\fJXL |.{4}ftypjxl)/s,
  'image/jp2': /^\0\0\0\fjP {2}/,
  // without the zero, the first box of an MP4 of 256 bytes looks the same
  'image/x-icon': /^\0\0[\cA\cB]\0.\0/s,
  'video/x-msvideo': /^RIFF.{4}AVI /s,
  'video/x-flv': /^FLV\cA/,
  'video/mpeg': /^\0\0\cA[\xb3\xba]/,
  'video/mp2t': /^(G.{187}){2}G/s,
  'video/x-ms-asf': /^0&\xb2u\x8ef\xcf/,
  'video/ogg': /^OggS.{24,64}theora/s,
  // the first byte is part of a length, and begins no text: "The free …"
  'video/mp4': /^[^\t-\r -~].{3}(moov|mdat|wide|free|skip|moof|styp)/s,
  'audio/aiff': /^FORM.{4}AIF[CF]/s,
  'audio/amr': /^#!AMR/,
  'audio/wav': /^(RIFF|RF64).{4}WAVE/s,
  'audio/mpeg': /^(ID3|\xff[\xe2\xe3\xf2-\xf5\xfa-\xfd])/,
  'audio/aac': /^\xff[\xf0\xf1\xf8\xf9]/,
  'audio/flac': /^fLaC/,
  'audio/ogg': /^OggS/,
  'audio/mp4': /^.{4}ftypM4[AB]/s,
  'video/x-matroska': /^.E\xdf\xa3.{0,48}matroska/s,
};

/** Types that have the same first bytes as this one. Where the server names one of them, its word counts. */
const alike: Signatures = {
  'video/mp4': /\/(mp4|3gpp2?|x-m4[av]|quicktime)$/,
  'video/webm': /\/webm$/,
  'audio/mp4': /\/x-m4a$/,
  'audio/ogg': /\/(ogg|opus)$/,
  'image/heic': /\/hei[cf]/,
};

const longestSignatureBytes = 64;

/** The type of a picture or a video that a model may take, or `undefined`. */
export function inputTypeOf(bytes: Uint8Array): string | undefined {
  return findType(inputs, toLatin1(bytes.subarray(0, longestSignatureBytes)));
}

function findType(signatures: Signatures, head: string): string | undefined {
  return Object.keys(signatures).find((type) => signatures[type]?.test(head));
}

/** The type of a file, from what its first bytes say and what the server says. */
export function chooseType(found: string | undefined, said = 'application/octet-stream'): string {
  return found && !alike[found]?.test(said) ? found : said;
}

/** What a file is. A file of an unknown type has neither field. */
export interface Finding {
  /** Of a picture, a video or a sound. */
  type?: string;
  /** What came in place of media. */
  instead?: 'a web page' | 'an XML error' | 'JSON' | undefined;
}

/**
 * Tells what a file is by its first bytes, one character each. Gives `undefined` where more bytes are needed, unless
 * these are all (`isAll`).
 */
export function findKind(head: string, isAll: boolean): Finding | undefined {
  const type = findType(others, head) ?? findType(inputs, head);
  if (type) return { type };
  const text = toText(head);
  if (text === '') return isAll ? {} : undefined;
  if (text.startsWith('<')) return findRoot(text, isAll);
  const isJson =
    /^(\{\s*(["}]|$)|\[\s*(["[{\]\d-]|$))/.test(text) ||
    // a whole value, or a long text that has not ended
    (isAll
      ? /^["[tfn\d-]/.test(text) && parseJson(text) !== undefined
      : /^"([^"\\\p{Cc}]|\\(.|$))*("\s*)?$/u.test(text));
  return isJson ? { instead: 'JSON' } : {};
}

/** How a page without a root element begins: with one of these elements, or with a comment and nothing else. */
const pageParts =
  /^($|<!--|<(a|article|b|base|blockquote|body|br|button|center|code|div|em|font|form|frameset|h[1-6]|head|header|hr|i|iframe|img|link|main|meta|nav|noscript|ol|p|pre|script|section|span|strong|style|table|title|ul)(?![\w.:-]))/i;

/** Comments, instructions, and a doctype that tells nothing: a document type of XML has any name. */
const prolog = /^(\s+|<\?.*?\?>|<!--.*?-->|<!doctype(?!\s+(html|svg)\b)[^[>]*(\[.*?\]\s*)?>)*/is;

/** Tells what a document is by its root element. */
function findRoot(text: string, isAll: boolean): Finding | undefined {
  const rest = text.replace(prolog, '');
  // the name of the root may be cut in two, and a comment may go on
  if (!isAll && (rest.length < 64 || /^<(\?|!(?!doctype\s+(html|svg)\b))/i.test(rest))) return undefined;
  const root = /^<(?:!doctype\s+)?(?:[\w.-]+:)?([\w.-]+)/i.exec(rest)?.[1]?.toLowerCase();
  if (root === 'svg') return { type: 'image/svg+xml' };
  if (root === 'error' || root === 'errorresponse') return { instead: 'an XML error' };
  const isPage = root === 'html' || (pageParts.test(rest) && !/^<\?xml/i.test(text));
  return isPage ? { instead: 'a web page' } : {};
}

/** What came in place of media, as its content type says. */
export function kindOfType(contentType: string): Finding['instead'] {
  if (/^(text\/html|application\/xhtml\+xml)$/.test(contentType)) return 'a web page';
  return /^\w+\/(.*[+-])?(nd)?json(l|lines|-seq)?$/.test(contentType) ? 'JSON' : undefined;
}

/** The first characters of a file in one line, for an error. */
export function wordsOf(head: string): string {
  const text = decodeUtf8(fromLatin1(toText(head.slice(0, 4096))));
  return text.replace(/[\s\p{Cc}]+/gu, ' ').trim();
}

/** Drops the byte order mark and leading white space. Of UTF-16 and UTF-32 it also drops the zeros between letters. */
function toText(head: string): string {
  const isWide = /^\0{0,3}(\xff\xfe|\xfe\xff|[\s<{["])/.test(head);
  const text = isWide ? head.replaceAll('\0', '') : head;
  return text.replace(/^(\xff\xfe|\xfe\xff|\xef\xbb\xbf)/, '').trimStart();
}
