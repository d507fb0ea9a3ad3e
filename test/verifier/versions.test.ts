import { readdirSync } from 'node:fs'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { writeBundleFile } from '../../data/files/bundle-file.ts'
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
import { bundleParts, simulatedSettlement } from '../support/settlements/simulated-settlement.ts'

/** Bundles of settlements that engine 0.1.0 made. */
const folder = join(import.meta.dirname, 'version-1')
const bundles = readdirSync(folder).filter((name) => name.endsWith('.gz'))

let scratch = ''
beforeAll(async () => {
  scratch = await mkdtemp(join(tmpdir(), 'winst-versions-'))
})
afterAll(async () => await rm(scratch, { recursive: true, force: true }))

/** What differs if a settlement is held to another version than its own. */
async function byVersion(path: string, version: Version): Promise<readonly Finding[]> {
  const findings = new Findings()
  const reader = new BundleReader(findings)
  await readContainer(path, reader.open, findings)
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
      const findings = await byVersion(join(folder, name), version2)
      expect(findings.map(({ field }) => field)).toContainEqual(expect.stringMatching(/^outcomes\.\w+\.kappa2$/))
      otherErrors += Number(findings.some(({ field }) => field.endsWith('.se')))
    }
    // the others have a single partner of one practice, or nobody with an error at all
    expect(otherErrors).toBeGreaterThan(80)
    expect(await byVersion(join(folder, bundles[0]!), version1)).toEqual([])
  })

  test('nor one of version 2 with version 1', async () => {
    const path = join(scratch, 'bundle.gz')
    await writeBundleFile(path, bundleParts(simulatedSettlement(3).parts))
    expect(await byVersion(path, version2)).toEqual([])
    const fields = (await byVersion(path, version1)).map(({ field }) => field)
    expect(fields).toContainEqual(expect.stringMatching(/^outcomes\.\w+\.keys$/))
    expect(fields).toContainEqual(expect.stringMatching(/\.se$/))
    expect(fields).toContain('value_sd')
  })

  test('a settlement of a version that is not known is not verified', async () => {
    const { parts } = simulatedSettlement(3)
    const later = parts.get('bundle.json')!.replace(/"engine_version": "[^"]+"/, '"engine_version": "0.9.0"')
    const path = join(scratch, 'bundle.gz')
    await writeBundleFile(path, bundleParts(new Map([...parts, ['bundle.json', later]])))
    const { agrees, method, findings } = await verifyBundle(path)
    expect({ agrees, method }).toEqual({ agrees: false, method: null })
    expect(findings.map(({ field }) => field)).toContain('engine_version')
  })
})
