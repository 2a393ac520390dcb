/** What a name's ending says that a file is. Pure: nothing here looks into a file. */

const VIDEO =
  /\.(?:mp4|m4v|mov|qt|mkv|webm|avi|wmv|asf|flv|f4v|mpg|mpeg|mpe|m1v|m2v|vob|ts|m2ts|mts|m2t|ogv|ogm|3gp|3g2|rm|rmvb|divx|dv|mxf|wtv|nut)$/i;
const PICTURE = /\.(?:jpe?g|png|webp)$/i;

/** Folders that belong to the system, to a NAS or to a recycle bin. */
const SYSTEM_FOLDER =
  /^(?:@eaDir|@Recycle|#recycle|#snapshot|\$RECYCLE\.BIN|System Volume Information|lost\+found|BDMV|VIDEO_TS)$/i;

export const stemOf = (name: string): string => {
  const dot = name.lastIndexOf('.');
  return dot > 0 ? name.slice(0, dot) : name;
};

export const isPictureName = (name: string): boolean => PICTURE.test(name);

export const isVideoName = (name: string): boolean => VIDEO.test(name);

export const isSidecarName = (name: string): boolean => /\.nfo$/i.test(name);

/** A folder with this, and all below it, is left alone. */
export const isIgnoreMark = (name: string): boolean => name === '.nomedia';

/** Says what in a folder is left alone, or without a word the whole folder. */
export const IGNORE_FILE = '.ignore';

export const isHidden = (name: string): boolean => name.startsWith('.');

export const isIgnoredFolder = (name: string): boolean => isHidden(name) || SYSTEM_FOLDER.test(name);
