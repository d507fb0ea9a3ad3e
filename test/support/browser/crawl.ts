/** Everything that links reach from a first page, as somebody who is signed in finds it. */
import type { BrowserContext } from 'playwright-core'
import { RIGHTS } from '../../../api/rights.ts'

/** The route of a method and a path, as api/rights.ts writes it: one that is written out wins over one with names.
 *  @returns null where there is none */
export function routeOf(method: 'GET' | 'POST', path: string): string | null {
  const parts = new URL(path, 'http://winst.local').pathname.split('/')
  const fits = (route: string): boolean => {
    const written = route.slice(method.length + 1).split('/')
    return written.length === parts.length && written.every((each, i) => each.startsWith(':') || each === parts[i])
  }
  const found = Object.keys(RIGHTS).filter((route) => route.startsWith(`${method} `) && fits(route))
  return found.toSorted((a, b) => a.split(':').length - b.split(':').length)[0] ?? null
}

export interface Link {
  readonly method: 'GET' | 'POST'
  readonly path: string
}

export interface Found extends Link {
  /** as api/rights.ts writes it */
  readonly route: string
  readonly status: number
  readonly isPage: boolean
  readonly text: string
}

export interface CrawlOptions {
  /** where to begin beside the first page */
  readonly from?: readonly string[]
  /** addresses of one route that are opened */
  readonly most: number
}

const unescaped = (text: string): string =>
  text
    .replaceAll('&quot;', '"')
    .replaceAll('&#39;', "'")
    .replaceAll('&lt;', '<')
    .replaceAll('&gt;', '>')
    .replaceAll('&amp;', '&')

/** What a page leads to on its own service: links, files, forms, and what its islands ask for. */
function linksIn(html: string, at: string): Link[] {
  const base = new URL(at, 'http://winst.local')
  const link = (method: Link['method'], href: string): Link[] => {
    const url = new URL(unescaped(href), base)
    return url.host === base.host ? [{ method, path: url.pathname + url.search }] : []
  }
  const attributes = (name: string): string[] =>
    [...html.matchAll(new RegExp(` ${name}="([^"]*)"`, 'g'))].map(([, of = '']) => of)
  const rows = attributes('data-work').map((said) => (JSON.parse(unescaped(said)) as { readonly rows: string }).rows)
  const forms = [...html.matchAll(/<form [^>]*>/g)].flatMap(([form]) => {
    const action = / action="([^"]*)"/.exec(form)?.[1] ?? at
    return link(/method="post"/.test(form) ? 'POST' : 'GET', action)
  })
  return [
    ...[...attributes('href'), ...attributes('data-job'), ...rows.map((of) => of.replaceAll('&', '&amp;'))].flatMap(
      (href) => link('GET', href),
    ),
    ...forms,
  ]
}

/** Opens what the first page leads to, and what that leads to, and so on: of each route so many.
 *  @returns what was opened, and every link that was found */
export async function crawl(
  context: BrowserContext,
  { from = [], most }: CrawlOptions,
): Promise<{ readonly found: readonly Found[]; readonly links: readonly Link[] }> {
  const links = new Map<string, Link>()
  const found: Found[] = []
  const opened = new Map<string, number>()
  const queue: Link[] = ['/', ...from].map((path) => ({ method: 'GET', path }))
  for (let next = queue.shift(); next; next = queue.shift()) {
    const route = routeOf('GET', next.path) ?? next.path
    const before = opened.get(route) ?? 0
    if (before >= most) continue
    opened.set(route, before + 1)
    const answer = await context.request.get(next.path, { headers: { accept: 'text/html' } })
    const isPage = (answer.headers()['content-type'] ?? '').startsWith('text/html')
    const text = (await answer.body()).toString('utf8')
    found.push({ ...next, route, status: answer.status(), isPage, text })
    if (!isPage) continue
    for (const link of linksIn(text, next.path)) {
      const name = `${link.method} ${link.path}`
      // The same page in the other language is opened where it is looked at.
      if (links.has(name) || /[?&]lang=/.test(link.path) || link.path.startsWith('/assets/')) continue
      links.set(name, link)
      if (link.method === 'GET') queue.push(link)
    }
  }
  return { found, links: [...links.values()] }
}
