/** Selects the valid version of each resource in a history: the newest, which comes first. */
import { Refusal } from '../../../engine/kernel/refusal.ts'
import { first, text } from './elements.ts'
import type { Found } from './resources.ts'

export class Versions {
  /** resources read so far, with the time of their newest version */
  private readonly newest = new Map<string, string>()

  /** @param url of a deleted resource: its older versions are invalid */
  deleted(url: string): void {
    const key = /([A-Z][A-Za-z]+\/[^/?#]+)(?:\/_history(?:\/[^/]*)?)?$/.exec(url)?.[1]
    if (key !== undefined && !this.newest.has(key)) this.newest.set(key, '')
  }

  /** @throws Refusal `older_version_first` */
  isNewest({ resource, type, file, line }: Found): boolean {
    const id = text(resource.id)
    const updated = text(first(resource.meta).lastUpdated)
    const key = `${type}/${id}`
    const before = this.newest.get(key)
    if (id === '' || before === undefined) {
      this.newest.set(key, updated)
      return true
    }
    if (before !== '' && updated !== '' && Date.parse(updated) > Date.parse(before))
      throw new Refusal(
        'older_version_first',
        `${file}, line ${line}: a history tells an older version of this ${type} before a newer one. Sort it with the newest first, as FHIR asks, or send what holds now.`,
        { file, line },
      )
    return false
  }
}
