/** The location of a database for messages and logs, without user and password. */

/** Host, port and database of a URL, without its user and password. */
export function placeOf(url: string): string {
  try {
    const { host, pathname } = new URL(url)
    return `${host}${pathname}`
  } catch {
    return 'the address in DATABASE_URL (which is not a URL like postgres://user:password@host:5432/name)'
  }
}
