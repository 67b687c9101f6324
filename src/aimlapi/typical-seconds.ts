/**
 * Seconds from create to video, by long model id: the middle of what the run on the model's documentation page
 * shows (one run each, which prints "still pending" every 10 or 15 s). Models without such a run are not here.
 */
export const typicalSeconds: ReadonlyMap<string, number> = new Map([
  ['alibaba/wan2.1-t2v-plus', 435],
  ['alibaba/wan2.2-t2v-plus', 365],
  ['alibaba/wan2.2-14b-animate-move', 45],
  ['alibaba/wan2.2-vace-fun-a14b-depth', 45],
  ['alibaba/wan2.2-vace-fun-a14b-outpainting', 45],
  ['alibaba/wan2.2-vace-fun-a14b-reframe', 45],
  ['alibaba/wan2.5-t2v-preview', 35],
  ['alibaba/wan-2-6-t2v', 157],
  ['alibaba/wan-2-6-i2v', 157],
  ['alibaba/wan-2-7-r2v', 127],
]);
