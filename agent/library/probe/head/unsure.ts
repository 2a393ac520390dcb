/** A file whose head says something that these readers do not know for certain: ffprobe is asked instead. */
export class Unsure extends Error {
  constructor(reason: string) {
    super(reason);
    this.name = 'Unsure';
  }
}
