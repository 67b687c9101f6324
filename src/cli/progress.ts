import type { VideoUpdate } from '../index.js';
import { type Screen, showBar, showTime } from './screen.js';

export interface Progress {
  update(update: Pick<VideoUpdate, 'status' | 'progress' | 'etaMs' | 'trouble'>): void;
  end(): void;
}

const tickMs = 250;

/** Shows how far one thing is, in a line that goes on with the clock between the updates. */
export function startProgress(screen: Screen, doing: string): Progress {
  const startMs = Date.now();
  let head = doing;
  let bar = '';
  let endMs: number | undefined;

  const draw = () => {
    const nowMs = Date.now();
    const left = endMs === undefined ? '' : `, about ${showTime(Math.max(0, endMs - nowMs))} left`;
    screen.status([`${bar}${showTime(nowMs - startMs)}${left}  ${head}`], head);
  };
  const timer = setInterval(draw, tickMs);
  draw();
  return {
    update({ status, progress, etaMs, trouble }) {
      head = trouble ? `${status} (${trouble.message})` : status;
      bar = progress === undefined ? '' : `${showBar(progress)}  `;
      endMs = etaMs === undefined ? undefined : Date.now() + etaMs;
      draw();
    },
    end: () => clearInterval(timer),
  };
}
