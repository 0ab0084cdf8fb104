import { Transformer } from '@qkv/model-zoo'
import { createNullBackend } from '@qkv/instruments'
import { Device, QkvError, RandomStream } from '@qkv/tensor'
import { trainingPlan } from '../settings/training-plan.ts'
import type { TrainSettings } from '../settings/settings.ts'

/**
 * Why settings cannot work, in the library's words; `undefined` when they can. The model is made and run without values, which
 * takes no time.
 */
export async function checkSettings(settings: TrainSettings): Promise<string | undefined> {
  const device = new Device(createNullBackend())
  const vocabulary = { sourceVocabularySize: 8, targetVocabularySize: 8, paddingId: 0, beginId: 1, endId: 2 }
  try {
    const config = { ...trainingPlan(settings).model, ...vocabulary }
    const model = new Transformer({ device, random: new RandomStream(settings.seed) }, config)
    const tokens = { shape: [1, 4] }
    device.scoped(() => {
      model
        .forward(device.tensor(new Int32Array(4), tokens), device.tensor(new Int32Array(4), tokens))
        .dispose()
    })
    return undefined
  } catch (error) {
    if (error instanceof QkvError) return error.message
    throw error
  } finally {
    await device.dispose()
  }
}
