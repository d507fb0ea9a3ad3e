/** What an insurer sees of each provider in a year. */
import { admissionsOf, detoxOf, type Admissions } from './admissions.ts'
import { isStructurallyHigh, stayRatioOf, type Stay, type StayRatio } from './length-of-stay.ts'
import { epaOutside, mirrorOf, type MirrorRow } from './mirror.ts'
import type { Reward } from './reward.ts'
import { romOf, type RomResult, type Score, type Treatment } from './rom.ts'
import { tierOf, type Tier } from './tier.ts'

export interface ProviderReport {
  readonly partner: string
  readonly tier: Tier
  readonly rom: RomResult
  readonly mirror: readonly MirrorRow[]
  readonly epaOutside: number
  readonly topggzShare: number | null
  readonly stay: StayRatio | null
  readonly stayStructurallyHigh: boolean
  readonly detox: ReturnType<typeof detoxOf>
  readonly admissions: Admissions
}

export interface Delivered {
  readonly stays: readonly Stay[]
  readonly treatments: readonly Treatment[]
  readonly scores: readonly Score[]
}

/** In the order of the file. */
export const rewardReportOf = (reward: Reward, { stays, treatments, scores }: Delivered): ProviderReport[] =>
  reward.providers.map((provider) => {
    const { partner } = provider
    const [own, beds] = [
      treatments.filter((each) => each.partner === partner),
      stays.filter((each) => each.partner === partner),
    ]
    const stay = stayRatioOf(stays, partner, reward.year)
    return {
      partner,
      tier: tierOf(provider, reward.networks, reward.rules),
      rom: romOf(own, scores, reward.rom, reward.year),
      mirror: mirrorOf(own, reward.year, provider.agreed),
      epaOutside: epaOutside(own, reward.year, provider.integrated),
      topggzShare: provider.topggzShare,
      stay,
      stayStructurallyHigh: isStructurallyHigh(stayRatioOf(stays, partner, reward.year - 1), stay),
      detox: detoxOf(beds, own, reward.year),
      admissions: admissionsOf(beds, reward.year, reward.rules),
    }
  })
