/** The route that a request is for, asked of Fastify once: its own `routeOptions` is a new object each time, and every plugin looks. */
import type { FastifyContextConfig, FastifyInstance, FastifyRequest } from 'fastify'
import fp from 'fastify-plugin'

/** What a route says of itself, with the template of its address; none where there is no such route. */
export type Route = FastifyContextConfig & { readonly url?: string }

declare module 'fastify' {
  interface FastifyRequest {
    readonly route: Route
    knownRoute: Route | null
  }
}

export const route = fp(
  async (app: FastifyInstance) => {
    app.decorateRequest('knownRoute', null)
    app.decorateRequest('route', {
      getter(this: FastifyRequest): Route {
        return (this.knownRoute ??= this.routeOptions.config)
      },
    })
  },
  { name: 'route' },
)

/** Something made once for every route, method and status that occurs. */
export class ByAnswer<T> {
  private readonly known = new Map<Route, Map<string, T>[]>()

  constructor(private readonly make: (route: Route, method: string, status: number) => T) {}

  of(route: Route, method: string, status: number): T {
    let statuses = this.known.get(route)
    if (!statuses) this.known.set(route, (statuses = []))
    const methods = (statuses[status] ??= new Map<string, T>())
    let found = methods.get(method)
    if (found === undefined) methods.set(method, (found = this.make(route, method, status)))
    return found
  }
}
