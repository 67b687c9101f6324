import { readdirSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path/posix';

/** A page of this repository, and what a test asks of it. */
export interface Page {
  file: string;
  text: string;
  blocks: Block[];
  /** Targets of its links as they are written, code blocks left out. */
  links: { text: string; target: string }[];
  /** What a link may name after `#`. */
  anchors: string[];
}

interface Block {
  /** The file that the block shows, by the marker above it. */
  file: string | undefined;
  language: string;
  code: string;
}

const foldersWithPages = ['src', 'examples', 'test'];

export function readPages(): Page[] {
  const inFolders = foldersWithPages.flatMap((folder) =>
    readdirSync(folder, { recursive: true, encoding: 'utf8' }).map((name) => join(folder, name)),
  );
  return [...readdirSync('.'), ...inFolders]
    .filter((file) => file.endsWith('.md') && !file.includes('node_modules'))
    .map(readPage);
}

export function readPage(file: string): Page {
  const text = readFileSync(file, 'utf8');
  const blocks = [...text.matchAll(/(?:^<!-- (\S+) -->\n)?^```(\w*)\n([\s\S]*?)^```$/gm)].map(
    ([, shown, language = '', code = '']) => ({ file: shown, language, code }),
  );
  const prose = text.replace(/^```\w*\n[\s\S]*?^```$/gm, '');
  const links = [...prose.matchAll(/\[((?:[^[\]]|\[[^\]]*\])*)\]\(([^)]+)\)/g)].map(
    ([, linkText = '', target = '']) => ({ text: linkText, target }),
  );
  const anchors = [...prose.matchAll(/^#+ (.*)$/gm)].map(([, heading = '']) => toAnchor(heading));
  return { file, text, blocks, links, anchors };
}

/** As GitHub names a heading. */
function toAnchor(heading: string): string {
  return heading
    .toLowerCase()
    .replace(/[^\w -]/g, '')
    .replaceAll(' ', '-');
}

/** The file that a link of this page leads to, and the heading in it. */
export function resolveLink({ file }: Page, target: string): { file: string; anchor: string | undefined } {
  const [path = '', anchor] = target.split('#');
  return { file: path === '' ? file : join(dirname(file), path), anchor };
}

/** A recipe as a page shows it: without its first line, and without the line that brings the embedded API. */
export function shownForm(file: string): string {
  return readFileSync(file, 'utf8')
    .replace(/^\/\/ .*\n/, '')
    .replace(/^import '\.\/embedded(?:-vtrix)?\.mjs';.*\n\n?/, '');
}
