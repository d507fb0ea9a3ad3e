/** Which version of the method a settlement follows: its engine's version tells. */
import type { Version } from './method/version.ts'
import { version1 } from './method/version-1/version.ts'
import { version2 } from './method/version-2/version.ts'

/** @returns null for an engine that is not known here */
export function versionOf(engineVersion: string): Version | null {
  const [, minor] = /^0\.(\d+)\.\d+$/.exec(engineVersion) ?? []
  return minor === '1' ? version1 : minor === '2' ? version2 : null
}
