/** A name for each operation, for whoever generates a client: what its method and address say. */

/** `GET /v1/settlements/{settlement}/partners/{partner}` is `getSettlementPartner`, a page is `listSettlements`, a POST is what it makes.
 *  @param isPage whether the answer is a page of a list */
export function operationNameOf(method: string, path: string, isPage: boolean): string {
  const segments = path.split('/').filter((segment) => segment !== '' && segment !== 'v1')
  const words = segments.flatMap((segment, at) => {
    const owner = segments[at - 1]
    if (!segment.startsWith('{')) return segments[at + 1]?.startsWith('{') ? [singular(segment)] : [segment]
    // `{settlement}` after `settlements` says nothing new; `{act}` after `{settlement}` does.
    return owner && !owner.startsWith('{') ? [] : [segment.slice(1, -1)]
  })
  const verb = method === 'get' ? (isPage ? 'list' : 'get') : method
  return verb + words.map(capitalised).join('')
}

const singular = (word: string): string => word.replace(/ies$/, 'y').replace(/s$/, '')
const capitalised = (word: string): string =>
  word
    .split(/[-.]/)
    .map((part) => part.charAt(0).toUpperCase() + part.slice(1))
    .join('')
