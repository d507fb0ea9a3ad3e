/** Which pages there are for whom, as api/rights.ts says it. */
import { RIGHTS } from '../../../api/rights.ts'
import type { Role } from '../../../data/access/keys.ts'

/** What is served and is no page: watched, described, or a file of the page itself. */
const NO_PAGES = ['/health', '/ready', '/metrics', '/openapi.json', '/assets/:file']

/** Addresses of pages and their files that somebody reads, as api/rights.ts writes them. */
export const ROUTES: readonly string[] = Object.keys(RIGHTS)
  .filter((route) => route.startsWith('GET ') && !route.startsWith('GET /v1/'))
  .map((route) => route.slice('GET '.length))
  .filter((url) => !NO_PAGES.includes(url))

/** Of them those that are for a role, and not for whoever is not signed in yet. */
export const routesOf = (role: Role): string[] =>
  ROUTES.filter((url) => {
    const right = RIGHTS[`GET ${url}`]
    return right !== undefined && right !== 'public' && role in right
  })
