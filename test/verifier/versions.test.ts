import { readdirSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { readContainer } from '../../verifier/bundle/container.ts'
import { type Finding, Findings } from '../../verifier/bundle/findings.ts'
import { BundleReader } from '../../verifier/bundle/read-bundle.ts'
import { compareDocuments } from '../../verifier/compare.ts'
import { settlementOf } from '../../verifier/method/settlement.ts'
import type { Version } from '../../verifier/method/version.ts'
import { version1 } from '../../verifier/method/version-1/version.ts'
import { version2 } from '../../verifier/method/version-2/version.ts'
import { verifyBundle } from '../../verifier/verify.ts'
import { versionOf } from '../../verifier/versions.ts'

/** Bundles of settlements that engine 0.1.0 made. */
const folder = join(import.meta.dirname, 'version-1')
const bundles = readdirSync(folder).filter((name) => name.endsWith('.gz'))

/** What differs if a settlement is held to another version than its own. */
async function byVersion(name: string, version: Version): Promise<readonly Finding[]> {
  const findings = new Findings()
  const reader = new BundleReader(findings)
  await readContainer(join(folder, name), reader.open, findings)
  const bundle = reader.bundle()!
  compareDocuments(JSON.parse(bundle.settlement), settlementOf({ ...bundle, version }), findings)
  return findings.kept
}

describe('a settlement is held to its own version of the method', () => {
  test('which its engine’s version tells', () => {
    expect(versionOf('0.1.0')).toBe(version1)
    expect(versionOf('0.1.12')).toBe(version1)
    expect(versionOf('0.2.0')).toBe(version2)
    for (const unknown of ['0.3.0', '1.1.0', '0.1', '0.10.0', '']) expect(versionOf(unknown)).toBeNull()
  })

  test('a hundred of version 1 agree, to the cent', async () => {
    expect(bundles).toHaveLength(100)
    for (const name of bundles) {
      const { agrees, findings, method } = await verifyBundle(join(folder, name))
      expect(findings, name).toEqual([])
      expect({ agrees, method }).toEqual({ agrees: true, method: 1 })
    }
  })

  test('none of them agrees with version 2, and what differs is named', async () => {
    let otherErrors = 0
    for (const name of bundles) {
      const findings = await byVersion(name, version2)
      expect(findings.map(({ field }) => field)).toContainEqual(expect.stringMatching(/^outcomes\.\w+\.kappa2$/))
      otherErrors += Number(findings.some(({ field }) => field.endsWith('.se')))
    }
    // the others have a single partner of one practice, or nobody with an error at all
    expect(otherErrors).toBeGreaterThan(80)
    expect(await byVersion(bundles[0]!, version1)).toEqual([])
  })
})
