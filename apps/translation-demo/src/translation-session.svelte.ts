import {
  backendNames,
  type BackendReport,
  type DeviceReport,
  type EngineConnection,
  proxy,
  runTask,
} from '@qkv/apps-shared/engine'
import type { DownloadProgress, SourceInspection } from '@qkv/pipelines'
import { type Direction, languagesOf, reverseOf } from './engine/directions.ts'
import { modelAddress } from './engine/model-address.ts'
import type {
  Alignment,
  Candidate,
  ModelFacts,
  SearchResult,
  TranslationEngine,
  WrittenText,
} from './engine/translation-engine.ts'
import { examples } from './examples.ts'

/** What went wrong: loading a model, translating, or the device was lost on the way. */
export interface Failure {
  readonly during: 'model' | 'translation' | 'lost'
  /** In the words of the library. */
  readonly message: string
}

/** Longer texts are not taken in: no model here reads as many, and a browser needs minutes to show a million. */
export const mostCharacters = 2000

/** While somebody types, a translation starts after a pause of so many milliseconds. */
const pause = 200

/** All that the page knows and does; what it shows is reactive. */
export class TranslationSession {
  direction = $state<Direction>('zh-en')
  text = $state(examples.zh[0]!)
  /** The backend that is open, or is being opened. */
  backend = $state<string>(backendNames[0])
  opening = $state(false)
  device = $state.raw<DeviceReport>()
  /** Which backends run here; absent until the page has translated something. */
  backends = $state.raw<readonly BackendReport[]>()
  /** Of the model that is being loaded. */
  download = $state.raw<DownloadProgress>()
  facts = $state.raw<ModelFacts>()
  /** What the model makes of the source text. */
  reading = $state.raw<SourceInspection>()
  /** The best translation so far; the one before stays until another has begun. */
  written = $state.raw<WrittenText>()
  beam = $state.raw<SearchResult>()
  greedy = $state.raw<SearchResult>()
  /** The candidate whose pieces are shown, and where the decoder looked for them. */
  chosen = $state.raw<Candidate>()
  alignment = $state.raw<Alignment>()
  /** Characters of a text that was too long to be taken in. */
  refused = $state<number>()
  busy = $state(false)
  failure = $state.raw<Failure>()
  /** Why a backend could not be opened, in the words of the library. */
  backendFailure = $state<string>()

  readonly #connection: EngineConnection<TranslationEngine>
  readonly #loading = new Map<Direction, Promise<ModelFacts>>()
  #opening: Promise<void>
  #openings = 0
  #listed = false
  #translating = new AbortController()
  #aligning = new AbortController()

  constructor(connection: EngineConnection<TranslationEngine>) {
    this.#connection = connection
    this.#opening = this.#open(this.backend)
    this.translate()
  }

  /** Takes what somebody types, and translates it after a pause. */
  type(text: string): void {
    this.refused = undefined
    this.text = text
    this.translate(pause)
  }

  /** Whether a text is short enough to be taken in; one that is not is remembered by its length. */
  accepts(text: string): boolean {
    this.refused = text.length > mostCharacters ? text.length : undefined
    return this.refused === undefined
  }

  /** Translates a text now. */
  use(text: string): void {
    this.refused = undefined
    this.text = text
    this.translate()
  }

  /**
   * Turns the direction around. Unless the text is kept, a finished translation takes its place, and where there is none an
   * example.
   */
  reverse({ keepText = false } = {}): void {
    this.direction = reverseOf(this.direction)
    const finished = this.busy ? undefined : this.beam?.candidates[0]?.text
    this.#forgetResults({ reading: true })
    this.use(keepText ? this.text : finished || examples[languagesOf(this.direction).source][0]!)
  }

  /** Computes with another backend from now on. */
  openBackend(name: string): void {
    this.#cancel()
    this.#forgetResults()
    this.#loading.clear()
    this.#opening = this.#open(name)
    this.translate()
  }

  /** Translates the text from the start, after a delay in milliseconds. */
  translate(delay = 0): void {
    this.#cancel()
    this.#translating = new AbortController()
    void this.#translate(this.#translating.signal, delay)
  }

  /** Tries again what failed; a device that was lost is opened anew. */
  retry(): void {
    if (this.failure?.during === 'lost') this.openBackend(this.backend)
    else this.translate()
  }

  /** Shows the pieces of a candidate. */
  choose(candidate: Candidate): void {
    this.chosen = candidate
    this.#aligning.abort()
    this.#aligning = new AbortController()
    void this.#align(candidate, this.#aligning.signal)
  }

  #cancel(): void {
    this.#translating.abort()
    this.#aligning.abort()
  }

  async #open(name: string): Promise<void> {
    const turn = ++this.#openings
    this.backend = name
    this.opening = true
    this.backendFailure = undefined
    try {
      const device = await this.#unlessFailed(this.#connection.engine.openDevice(name))
      if (turn === this.#openings) this.device = device
    } catch (error) {
      if (turn !== this.#openings) return
      this.backendFailure = messageOf(error)
      this.backend = this.device?.chosen ?? name
    } finally {
      if (turn === this.#openings) this.opening = false
    }
  }

  async #translate(signal: AbortSignal, delay: number): Promise<void> {
    const { direction, text } = this
    this.failure = undefined
    this.busy = text.trim() !== ''
    let during: Failure['during'] = 'model'
    try {
      if (!this.busy) return this.#forgetResults({ reading: true })
      await delayed(delay, signal)
      await this.#opening
      signal.throwIfAborted()
      if (!this.device) return
      const facts = await this.#load(direction)
      signal.throwIfAborted()
      this.facts = facts
      during = 'translation'
      await this.#read(direction, text, signal)
      if (this.reading?.tooLong === true) return
      this.beam = await this.#search(signal, { direction, text }, true)
      this.busy = false
      const [best] = this.beam.candidates
      if (!best) return
      this.written = best
      this.choose(best)
      this.greedy = await this.#search(signal, { direction, text, beams: 1 }, false)
    } catch (error) {
      if (signal.aborted) return
      this.#forgetResults()
      this.written = undefined
      await this.#fail(during, error, signal)
    } finally {
      if (!signal.aborted) {
        this.busy = false
        void this.#list()
      }
    }
  }

  #load(direction: Direction): Promise<ModelFacts> {
    const known = this.#loading.get(direction)
    if (known) return known
    const { engine } = this.#connection
    const onProgress = proxy((progress: DownloadProgress) => {
      this.download = progress
    })
    const loading = this.#unlessFailed(
      runTask(engine, undefined, (task) =>
        engine.loadModel(task, direction, modelAddress(direction), onProgress),
      ),
    ).finally(() => {
      this.download = undefined
    })
    this.#loading.set(direction, loading)
    // What failed is tried again by the next translation.
    loading.catch(() => {
      if (this.#loading.get(direction) === loading) this.#loading.delete(direction)
    })
    return loading
  }

  async #read(direction: Direction, text: string, signal: AbortSignal): Promise<void> {
    const reading = await this.#unlessFailed(this.#connection.engine.readSource(direction, text))
    signal.throwIfAborted()
    this.#forgetResults()
    this.reading = reading
    if (reading.tooLong) this.written = undefined
  }

  async #search(
    signal: AbortSignal,
    request: Parameters<TranslationEngine['search']>[1],
    shown: boolean,
  ): Promise<SearchResult> {
    const { engine } = this.#connection
    let ended = false
    // Its messages have a way of their own, and may come after the result.
    const onWritten = proxy((written: WrittenText) => {
      if (shown && !ended && !signal.aborted) this.written = written
    })
    try {
      return await this.#unlessFailed(
        runTask(engine, signal, (task) => engine.search(task, request, onWritten)),
      )
    } finally {
      ended = true
    }
  }

  async #align({ tokens }: Candidate, signal: AbortSignal): Promise<void> {
    const { direction, text } = this
    const { engine } = this.#connection
    try {
      this.alignment = await this.#unlessFailed(
        runTask(engine, signal, (task) => engine.align(task, direction, text, tokens)),
      )
    } catch (error) {
      await this.#fail('translation', error, signal)
    }
  }

  #forgetResults({ reading = false } = {}): void {
    this.beam = undefined
    this.greedy = undefined
    this.chosen = undefined
    this.alignment = undefined
    if (!reading) return
    this.reading = undefined
    this.written = undefined
  }

  /** A failure of a device that was lost is put down to that. */
  async #fail(during: Failure['during'], error: unknown, signal: AbortSignal): Promise<void> {
    // A worker that has died says so by itself.
    const works = await this.#unlessFailed(this.#connection.engine.deviceWorks()).catch(() => true)
    if (!signal.aborted) this.failure = { during: works ? during : 'lost', message: messageOf(error) }
  }

  /** Asks once which backends run here, when the page has time for it. */
  async #list(): Promise<void> {
    if (this.#listed) return
    this.#listed = true
    // A worker that has died says so by itself.
    this.backends = await this.#unlessFailed(this.#connection.engine.listBackends()).catch(() => undefined)
  }

  /** What waits for a worker that has died would wait for ever. */
  #unlessFailed<Result>(promise: Promise<Result>): Promise<Result> {
    return Promise.race([promise, this.#connection.failed])
  }
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error)
}

async function delayed(milliseconds: number, signal: AbortSignal): Promise<void> {
  if (milliseconds > 0) {
    await new Promise((resolve) => {
      setTimeout(resolve, milliseconds)
    })
  }
  signal.throwIfAborted()
}
