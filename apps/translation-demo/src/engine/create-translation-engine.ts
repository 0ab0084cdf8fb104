import { createDeviceHost, createTasks, loadKept } from '@qkv/apps-shared/engine/worker'
import {
  describeTokenIds,
  inspectSource,
  inspectTranslation,
  loadTranslator,
  nextTask,
  specialIds,
  type Translator,
} from '@qkv/pipelines'
import type { Direction } from './directions.ts'
import type {
  Alignment,
  ModelFacts,
  SearchRequest,
  SearchResult,
  TranslationEngine,
} from './translation-engine.ts'

interface LoadedModel {
  readonly translator: Translator
  readonly facts: ModelFacts
}

/** What runs in the worker of the page: a device, and a model for each direction that was asked for. */
export function createTranslationEngine(): TranslationEngine {
  const host = createDeviceHost()
  const tasks = createTasks()
  const models = new Map<Direction, LoadedModel>()

  function translatorOf(direction: Direction): Translator {
    const loaded = models.get(direction)
    if (loaded) return loaded.translator
    throw new Error(`engine: no model is loaded for ${direction}, expected loadModel to come first.`)
  }

  return {
    cancel: tasks.cancel,
    openDevice: (backend) =>
      host.open(backend, async () => {
        await tasks.cancelAll()
        const loaded = [...models.values()]
        models.clear()
        for (const { translator } of loaded) await translator.dispose()
      }),
    listBackends: host.list,
    deviceWorks: host.works,
    loadModel: (task, direction, address, onProgress) =>
      tasks.run(task, async (signal) => {
        const loaded = models.get(direction)
        if (loaded) return loaded.facts
        const load = loadKept(address, (files) => loadTranslator(files, { device: host.device }), {
          onProgress,
          signal,
        })
        const { model: translator, kept } = await load
        const facts = factsOf(translator, kept)
        models.set(direction, { translator, facts })
        return facts
      }),
    async readSource(direction, text) {
      return inspectSource(translatorOf(direction), text)
    },
    search: (task, request, onWritten) =>
      tasks.run(task, (signal) => search(translatorOf(request.direction), request, { onWritten, signal })),
    align: (task, direction, text, tokens) =>
      tasks.run(task, () => align(translatorOf(direction), text, tokens)),
  }
}

function factsOf({ model, generation }: Translator, kept: boolean): ModelFacts {
  const { width, heads, encoderLayers, decoderLayers, ...config } = model.config
  return {
    sourceVocabulary: config.sourceVocabularySize,
    targetVocabulary: config.targetVocabularySize,
    width,
    heads,
    encoderLayers,
    decoderLayers,
    beams: generation.beams,
    kept,
  }
}

async function search(
  translator: Translator,
  { text, beams = translator.generation.beams }: SearchRequest,
  { onWritten, signal }: { onWritten: Parameters<TranslationEngine['search']>[2]; signal: AbortSignal },
): Promise<SearchResult> {
  const { target } = translator.tokenizers
  const started = performance.now()
  const [translation] = await translator.translate([text], {
    beams,
    nBest: beams,
    signal,
    onStep({ partials: [best] }) {
      if (best) onWritten({ text: best.text, pieces: describeTokenIds(target, best.tokens) })
      return nextTask()
    },
  })
  const seconds = (performance.now() - started) / 1000
  const candidates = translation!.candidates.map((candidate) => ({
    ...candidate,
    pieces: describeTokenIds(target, candidate.tokens),
  }))
  const written = (candidates[0]?.tokens.length ?? 0) + 1
  return { candidates, beams, seconds, tokensPerSecond: written / seconds }
}

async function align(translator: Translator, text: string, tokens: readonly number[]): Promise<Alignment> {
  const { target } = translator.tokenizers
  const { source, attention, alignment, predictions } = await inspectTranslation(translator, text, tokens)
  const pieces = [
    ...describeTokenIds(target, tokens),
    ...describeTokenIds(target, [specialIds(target).endId]),
  ]
  return {
    source,
    target: pieces.map((piece, index) => ({ ...piece, probability: predictions[index]!.next.probability })),
    mean: alignment.mean,
    layers: alignment.layers.map((mean, layer) => ({
      mean,
      heads: attention.cross[layer]!.heads.map(({ weights }) => weights),
    })),
  }
}
