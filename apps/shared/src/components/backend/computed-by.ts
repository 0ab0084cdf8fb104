import type { DeviceReport } from '../../engine/index.ts'
import { createTexts } from '../../language/index.ts'
import { adapterText } from './adapter-text.ts'

const text = createTexts({
  en: {
    processor_one: 'Computed by {{backend}} on one thread.',
    processor_other: 'Computed by {{backend}} on {{count}} threads.',
    gpu: 'Computed by {{backend}} on {{adapter}}.',
  },
  zh: {
    processor_other: '由 {{backend}} 计算，{{count}} 个线程。',
    gpu: '由 {{backend}} 计算，GPU：{{adapter}}。',
  },
})

/** One sentence about what computes. */
export function computedBy({ chosen, kernels, adapter }: DeviceReport): string {
  if (adapter) return text('gpu', { backend: chosen, adapter: adapterText(adapter) })
  return text('processor', { backend: chosen, count: kernels?.threads ?? 1 })
}
