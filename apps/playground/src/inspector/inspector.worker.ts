import type { DeviceApi, DeviceReport } from '@qkv/apps-shared/engine'
import { createDeviceHost, createTasks, expose, transfer } from '@qkv/apps-shared/engine/worker'
import {
  type AblationComparison,
  compareAblation,
  type DownloadProgress,
  type HeadPlace,
  inspectParameters,
  inspectSource,
  inspectTranslation,
  loadTranslator,
  modelFilesFromUrl,
  nextTask,
  type ParameterInspection,
  type TranslationInspection,
  type Translator,
} from '@qkv/pipelines'
import { buffersOf } from './buffers-of.ts'
import { blocksOf, type PictureConfig } from './picture/blocks.ts'

/** What a loaded model is made of. */
export interface ModelOutline {
  readonly config: PictureConfig
  /** Number of all parameters. */
  readonly size: number
  /** By name of the block. */
  readonly blocks: ReadonlyMap<string, BlockParameters>
}

/** What a block of the picture has learned. */
export interface BlockParameters {
  readonly parameters: readonly ParameterInspection[]
  /** Number of elements of all of them. */
  readonly size: number
}

export interface RunRequest {
  /** Where the files of the model are. */
  readonly model: string
  readonly sentence: string
  readonly ablate: readonly HeadPlace[]
  /** Tokens of padding after the sentence. */
  readonly padding: number
}

/** A translation, and its log-probability in nats. */
export interface Translated {
  readonly text: string
  readonly logProbability: number
}

/** Everything that was read while a sentence was translated. */
export interface Run {
  readonly kind: 'run'
  readonly request: RunRequest
  /** By the model as it was trained. */
  readonly whole: Translated
  /** Without the chosen heads; absent when none is off. */
  readonly ablated: Translated | undefined
  readonly comparison: AblationComparison | undefined
  /** Of the model that ran: without the heads that are off. */
  readonly inspection: TranslationInspection
  /** Characters that the model does not know. */
  readonly unknown: readonly string[]
}

/** A sentence that cannot be translated. */
export interface Refusal {
  readonly kind: 'empty' | 'too-long'
  readonly length: number
  readonly maximumLength: number
}

const host = createDeviceHost()
const tasks = createTasks()
const translators = new Map<string, Promise<Translator>>()

async function load(address: string, onProgress?: (progress: DownloadProgress) => void): Promise<Translator> {
  return loadTranslator(modelFilesFromUrl(address, { onProgress }), { device: host.device })
}

function translatorAt(
  address: string,
  onProgress?: (progress: DownloadProgress) => void,
): Promise<Translator> {
  const known = translators.get(address)
  if (known) return known
  const loading = load(address, onProgress)
  translators.set(address, loading)
  // What failed is tried again when it is asked for again.
  loading.catch(() => translators.delete(address))
  return loading
}

async function translate(
  translator: Translator,
  { sentence, ablate }: Pick<RunRequest, 'sentence' | 'ablate'>,
  signal: AbortSignal,
): Promise<Translated & { readonly tokens: readonly number[] }> {
  const [translation] = await translator.translate([sentence], { ablate, signal, onStep: nextTask })
  signal.throwIfAborted()
  const { text, tokens, logProbability } = translation!.candidates[0]!
  return { text, tokens, logProbability }
}

async function run(request: RunRequest, signal: AbortSignal): Promise<Run | Refusal> {
  const { sentence, ablate, padding } = request
  const translator = await translatorAt(request.model)
  const { length, maximumLength, tooLong, unknown } = inspectSource(translator, sentence)
  if (sentence.trim() === '') return { kind: 'empty', length, maximumLength }
  if (tooLong) return { kind: 'too-long', length, maximumLength }
  const whole = await translate(translator, { sentence, ablate: [] }, signal)
  const ablated = ablate.length > 0 ? await translate(translator, request, signal) : undefined
  await nextTask()
  signal.throwIfAborted()
  const comparison = ablated && (await compareAblation(translator, sentence, whole.tokens, ablate))
  const inspection = await inspectTranslation(translator, sentence, (ablated ?? whole).tokens, {
    ablate,
    sourceLength: Math.min(length + padding, maximumLength),
  })
  return { kind: 'run', request, whole, ablated, comparison, inspection, unknown }
}

function countOf(parameters: readonly ParameterInspection[]): number {
  return parameters.reduce((sum, { size }) => sum + size, 0)
}

let asked = 0
let opening: { readonly backend: string; readonly report: Promise<DeviceReport> } | undefined

/** Stops what computes, and frees the models. */
async function clearDevice(): Promise<void> {
  await tasks.cancelAll()
  for (const loading of translators.values()) {
    // One that did not load, or whose device is gone by then, has nothing to free.
    loading.then((translator) => translator.dispose()).catch(() => {})
  }
  translators.clear()
}

const device: Omit<DeviceApi, 'cancel'> = {
  /** A page that is opened again finds its models where they were. */
  async openDevice(backend) {
    const turn = ++asked
    const known = opening
    const works = known?.backend === backend && (await known.report.then(host.works, () => false))
    if (known && works) return known.report
    if (turn !== asked) throw new Error(`engine: another backend was chosen before '${backend}' opened.`)
    opening = { backend, report: host.open(backend, clearDevice) }
    return opening.report
  },
  listBackends: host.list,
  deviceWorks: host.works,
}

const engine = {
  ...device,
  /** Loads a model unless it is there already, and tells how far it is. */
  async open(address: string, onProgress: (progress: DownloadProgress) => void): Promise<ModelOutline> {
    const { model } = await translatorAt(address, onProgress)
    const { attention: _, ...config } = model.config
    const parameters = await inspectParameters(model)
    const blocks = blocksOf(config).map(({ name, path }): [string, BlockParameters] => {
      const own = parameters.filter((each) => each.path.startsWith(`${path}.`))
      return [name, { parameters: own, size: countOf(own) }]
    })
    return { config, size: countOf(parameters), blocks: new Map(blocks) }
  },
  async run(task: number, request: RunRequest): Promise<Run | Refusal> {
    const result = await tasks.run(task, (signal) => run(request, signal))
    return result.kind === 'run' ? transfer(result, [...buffersOf(result.inspection)]) : result
  },
  cancel: tasks.cancel,
}

/** What the inspector asks for. */
export type InspectorEngine = typeof engine

expose(engine)
