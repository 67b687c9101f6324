import { describeProblem, idOf, number, text } from '../base/json.js';
import { record } from '../base/record.js';
import type { VideoApi } from '../job/calls.js';
import { typicalMsOf } from './models/find-model.js';
import { legacyVideoPath, videoPath } from './models/model.js';
import { codeOf } from './problem.js';
import { costOfFailure, toUsage } from './usage.js';

export const videoApi: VideoApi = {
  provider: 'aimlapi',
  hasIdHeader: true,
  statusPaths: [videoPath, legacyVideoPath],
  statusRequest: (path, id) => ({ path, query: `?generation_id=${id}` }),
  costOfFailure,
  typicalMsOf,
  readId(body) {
    const { id, generation_id } = record(body);
    return idOf(id) === undefined ? generation_id : id;
  },
  readReport(body, headers) {
    const { status, error, video, duration } = record(body);
    const { url, duration: videoDuration } = record(video);
    return {
      status: text(status),
      url: text(url),
      durationSeconds: number(videoDuration) ?? number(duration),
      message: describeProblem(error),
      code: codeOf(error),
      // `headers` are those of a create: those of a status check tell the cost of the check
      usage: toUsage(body, headers),
    };
  },
};
