/** How often something may happen in a minute, by key: a bucket each, that fills evenly. */

/** As many keys are remembered; the one not seen for longest is forgotten, and begins anew with a full bucket. */
const MOST_KEYS = 20_000

interface Bucket {
  left: number
  at: number
}

export class Buckets {
  private readonly buckets = new Map<string, Bucket>()

  constructor(private readonly perMinute: number) {}

  /** Takes one, if there is one.
   *  @param at milliseconds of a clock that only goes forward
   *  @returns 0 where it was taken; otherwise the seconds until there is one */
  take(key: string, at: number): number {
    const bucket = this.filled(key, at)
    this.buckets.delete(key)
    this.buckets.set(key, bucket)
    if (this.buckets.size > MOST_KEYS) this.buckets.delete(this.buckets.keys().next().value ?? '')
    if (bucket.left < 1) return this.secondsOf(bucket)
    bucket.left--
    return 0
  }

  /** The seconds until there is one; 0 where there is. Nothing is taken. */
  wait(key: string, at: number): number {
    const bucket = this.filled(key, at)
    return bucket.left < 1 ? this.secondsOf(bucket) : 0
  }

  private filled(key: string, at: number): Bucket {
    const { left, at: before } = this.buckets.get(key) ?? { left: this.perMinute, at }
    return { left: Math.min(this.perMinute, left + ((at - before) * this.perMinute) / 60_000), at }
  }

  private secondsOf({ left }: Bucket): number {
    return Math.max(1, Math.ceil(((1 - left) * 60) / this.perMinute))
  }
}
