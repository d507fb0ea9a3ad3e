/** How often something may happen in a minute, by key: a bucket each, that fills evenly. */

/** The last so many keys are remembered, and at most twice as many; one that is forgotten begins anew with a full bucket. */
const KEYS = 20_000

interface Bucket {
  left: number
  at: number
}

export class Buckets {
  /** a bucket that is asked for moves to the young ones; once they are many, the old ones are forgotten, and the young ones are old */
  private young = new Map<string, Bucket>()
  private old = new Map<string, Bucket>()

  constructor(private readonly perMinute: number) {}

  /** Takes one, if there is one.
   *  @param at milliseconds of a clock that only goes forward
   *  @returns 0 where it was taken; otherwise the seconds until there is one */
  take(key: string, at: number): number {
    const bucket = this.young.get(key) ?? this.remembered(key, at)
    this.fill(bucket, at)
    if (bucket.left < 1) return this.secondsOf(bucket)
    bucket.left--
    return 0
  }

  /** The seconds until there is one; 0 where there is. Nothing is taken. */
  wait(key: string, at: number): number {
    const bucket = this.young.get(key) ?? this.old.get(key)
    if (!bucket) return 0
    this.fill(bucket, at)
    return bucket.left < 1 ? this.secondsOf(bucket) : 0
  }

  private remembered(key: string, at: number): Bucket {
    const bucket = this.old.get(key) ?? { left: this.perMinute, at }
    this.young.set(key, bucket)
    if (this.young.size >= KEYS) [this.old, this.young] = [this.young, new Map()]
    return bucket
  }

  private fill(bucket: Bucket, at: number): void {
    bucket.left = Math.min(this.perMinute, bucket.left + ((at - bucket.at) * this.perMinute) / 60_000)
    bucket.at = at
  }

  private secondsOf({ left }: Bucket): number {
    return Math.max(1, Math.ceil(((1 - left) * 60) / this.perMinute))
  }
}
