import type { MediaInfo } from '../../../../shared/media/media-info.ts';
import type { EmbeddedTags } from '../embedded-tags.ts';

/** What the head of a file says. */
export interface Head {
  media: MediaInfo;
  tags: EmbeddedTags;
}
