/** `winst reward`: what an insurer rewards of each provider in a year, and what stands in the way. */
import { join } from 'node:path'
import { readReward, readRewardData } from '../../../data/reward/reward-files.ts'
import { rewardReportOf, type ProviderReport } from '../../../engine/reward/report.ts'
import type { Mean } from '../../../engine/reward/mean.ts'
import type { Verb } from '../verb.ts'

export interface RewardOptions {
  readonly data: string
  readonly file?: string
}

export const rewardVerb: Verb<RewardOptions> = async ({ data, file }, { terminal }) => {
  const reward = await readReward(file ?? join(data, 'reward.yaml'))
  const providers = rewardReportOf(reward, await readRewardData(data, reward.rom.measure))
  terminal.line(`${reward.reward}: insurer ${reward.insurer}, ${reward.year}`)
  for (const provider of providers) for (const line of linesOf(provider)) terminal.line(line)
  return { reward: reward.reward, insurer: reward.insurer, year: reward.year, providers }
}

function linesOf({
  partner,
  tier,
  rom,
  mirror,
  epaOutside,
  stay,
  stayStructurallyHigh,
  detox,
  admissions,
}: ProviderReport): string[] {
  const lacks =
    tier.by === null ? ` (lacks ${[...tier.lacks.own_policy, ...tier.lacks.network].join(', ')})` : ` (${tier.by})`
  const interval = ({ mean, low, high }: Mean) => `${mean.toFixed(1)} (${low.toFixed(1)} to ${high.toFixed(1)})`
  return [
    `${partner}: ${tier.tier}${lacks}`,
    rom.change && rom.days
      ? `  ROM: change ${interval(rom.change)} in ${interval(rom.days)} days, ${rom.scored} of ${rom.closed} treatments`
      : `  ROM: not shown, fewer than ten treatments with a score at both ends`,
    ...mirror.map(
      ({ setting, clients, agreed }) =>
        `  ${setting}: ${clients} clients${agreed === null ? '' : `, ${agreed} agreed`}`,
    ),
    ...(epaOutside > 0 ? [`  EPA outside an integrated institution: ${epaOutside} clients`] : []),
    ...(stay
      ? [
          `  length of stay ${stay.ratio.toFixed(2)} of expected (${stay.low.toFixed(2)} to ${stay.high.toFixed(2)})${stayStructurallyHigh ? ', structurally high' : ''}`,
        ]
      : []),
    ...(detox.share === null ? [] : [`  clinical detoxification: ${detox.clinical} of ${detox.all}`]),
    ...(admissions.admissions === 0
      ? []
      : [
          `  ${admissions.admissions} admissions: ${admissions.withoutInstrument} without instrument, ${admissions.withoutIndication} without indication, ${admissions.withoutEvaluation} without evaluation`,
        ]),
  ]
}
