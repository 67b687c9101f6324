import type { VideoUpdate } from '../index.js';
import { type Screen, showBar, showTime } from './screen.js';

/** The progress of a batch, for people. */
export interface Table {
  begin(line: number, label: string): void;
  update(line: number, update: Pick<VideoUpdate, 'status' | 'progress' | 'trouble'>): void;
  end(line: number): void;
  /** Stops drawing. */
  close(): void;
}

const tickMs = 250;

/** Draws a line that counts, and one for each create that is under way. */
export function startTable(screen: Screen, count: () => string): Table {
  const startMs = Date.now();
  const running = new Map<number, { label: string; startMs: number; status: string; bar: string }>();

  const draw = () => {
    const lines = [...running].map(([line, { label, startMs: begunMs, status, bar }]) =>
      [String(line).padStart(5), showTime(Date.now() - begunMs), bar, status, label]
        .filter(Boolean)
        .join('  '),
    );
    screen.status([`${showTime(Date.now() - startMs)}  ${count()}`, ...lines], count());
  };
  const timer = setInterval(draw, tickMs);
  return {
    begin(line, label) {
      running.set(line, { label, startMs: Date.now(), status: 'sending', bar: '' });
      draw();
    },
    update(line, { status, progress, trouble }) {
      const row = running.get(line);
      if (!row) return;
      row.status = trouble ? `${status} (${trouble.message})` : status;
      row.bar = progress === undefined ? '' : showBar(progress);
      draw();
    },
    end: (line) => void running.delete(line),
    close: () => clearInterval(timer),
  };
}
