import { type GroupAdapter, resultOf } from '../adapter.ts'
import { runMetricsCase } from './metrics.ts'

export const metrics: GroupAdapter = {
  group: 'metrics',
  usesDevice: false,
  async run(testCase) {
    return resultOf(runMetricsCase(testCase))
  },
}
