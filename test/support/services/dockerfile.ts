/** What a Dockerfile copies out of the build context, by .dockerignore; only what our own two files use of either language is read. */

/** Paths of the context that the last stage of a Dockerfile copies to the same path under its working directory.
 *  @throws Error on a COPY that is written in another way, and on a path that .dockerignore keeps out */
export function copiedInto(dockerfile: string, dockerignore: string): string[] {
  const last = dockerfile.slice(dockerfile.lastIndexOf('\nFROM '))
  const copies = [...last.matchAll(/^COPY (?!--from)(.+)$/gm)].map((match) => (match[1] ?? '').split(/\s+/))
  const paths = copies.flatMap((words) => {
    const sources = words.slice(0, -1)
    const to = words.at(-1) ?? ''
    const same = sources.length === 1 ? to === './' || to === `./${sources[0]}` : to === './'
    if (!same) throw new Error(`COPY ${words.join(' ')}: only a copy to the same path is understood here`)
    return sources
  })
  const kept = paths.filter((path) => !isIgnored(path, dockerignore))
  if (kept.length < paths.length)
    throw new Error(`.dockerignore keeps out ${paths.filter((path) => !kept.includes(path)).join(', ')}`)
  return paths
}

/** The last line that matches decides; `!` lets through. */
function isIgnored(path: string, dockerignore: string): boolean {
  let ignored = false
  for (const line of dockerignore.split('\n').map((each) => each.trim())) {
    if (line === '' || line.startsWith('#')) continue
    const pattern = line.replace(/^!/, '').replace(/^\/|\/$/g, '')
    if (pattern === '*' || pattern === path || path.startsWith(`${pattern}/`)) ignored = !line.startsWith('!')
  }
  return ignored
}
