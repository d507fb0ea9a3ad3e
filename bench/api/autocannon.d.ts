/** What the bench of the API uses of autocannon, which has no types of its own. */
declare module 'autocannon' {
  interface Histogram {
    readonly p50: number
    readonly p99: number
    readonly max: number
  }
  interface Result {
    readonly latency: Histogram
    readonly requests: { readonly average: number; readonly total: number }
    readonly errors: number
    readonly timeouts: number
    readonly non2xx: number
  }
  interface Order {
    readonly url: string
    readonly connections: number
    readonly duration: number
    readonly requests: readonly {
      readonly method: 'GET'
      readonly path: string
      readonly headers?: Readonly<Record<string, string>>
    }[]
  }
  export default function autocannon(order: Order): Promise<Result>
}
