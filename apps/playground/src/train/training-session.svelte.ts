import {
  type BackendReport,
  connectEngine,
  type EngineConnection,
  proxy,
  runTask,
} from '@qkv/apps-shared/engine'
import type { History, Look, Progress, RunUpdate } from './engine/run-updates.ts'
import type { PartEntry } from './parts/part-entry.ts'
import type { TrainSettings } from './settings/settings.ts'
import type { OpenedRun, TrainingEngine, Waiting } from './train.worker.ts'

/** `none`: nothing is open. `stopped` and `finished`: the model stays, to be tried and downloaded. */
export type Phase = 'none' | 'opening' | 'training' | 'stepping' | 'paused' | 'stopped' | 'finished'

/** What a page shows of a training, and what it can ask for. It goes on while other pages are open. */
export class TrainingSession {
  phase = $state<Phase>('none')
  opened = $state.raw<OpenedRun>()
  /** Of what is open. */
  settings = $state.raw<TrainSettings>()
  progress = $state.raw<Progress>()
  curve = $state.raw<History>({ losses: [], evaluations: [] })
  look = $state.raw<Look>()
  savedStep = $state<number>()
  /** Why nothing is saved, in the browser's words. */
  notSaved = $state<string>()
  /** A training in storage that is not open. */
  waiting = $state.raw<Waiting>()
  /** What went wrong, in the library's words. */
  error = $state<string>()
  /** Whether `error` is what the device said when it was lost. */
  lost = $state(false)
  /** The attention parts that can be chosen; none until the worker has said it. */
  parts = $state.raw<readonly PartEntry[]>([])
  /** Which backends run here; absent until the worker has said it. */
  backends = $state.raw<readonly BackendReport[]>()
  /** Spent training since the page was opened. */
  seconds = $state(0)

  #connection: EngineConnection<TrainingEngine> | undefined
  #pausing: AbortController | undefined
  /** Absent while nothing is trained: the last update may come after the end. */
  #startedAt: number | undefined
  #secondsBefore = 0

  /** Starts the worker, if none runs, and asks what it knows. */
  async connect(): Promise<void> {
    if (this.#connection) return
    try {
      this.parts = await this.#ask((engine) => engine.parts())
      this.waiting = await this.#ask((engine) => engine.waiting())
    } catch (error) {
      this.notSaved = messageOf(error)
    }
    // A worker that died says so by itself.
    this.backends = await this.#ask((engine) => engine.listBackends()).catch(() => undefined)
  }

  /** Why settings cannot work; `undefined` when they can. */
  check(settings: TrainSettings): Promise<string | undefined> {
    return this.#ask((engine) => engine.check(settings))
  }

  async start(settings: TrainSettings): Promise<void> {
    if (await this.#open(settings, (engine, onUpdate) => engine.create(settings, onUpdate)))
      await this.resume()
  }

  /** Goes on with the training in storage. */
  async takeUp(): Promise<void> {
    const { waiting } = this
    if (!waiting) return
    if (await this.#open(waiting.settings, (engine, onUpdate) => engine.takeUp(onUpdate))) await this.resume()
  }

  async resume(): Promise<void> {
    this.phase = 'training'
    this.#pausing = new AbortController()
    const { signal } = this.#pausing
    await this.#work(async () => {
      const finished = await this.#ask((engine) =>
        runTask(engine, undefined, (task) => {
          signal.addEventListener('abort', () => void engine.cancel(task), { once: true })
          return engine.train(task)
        }),
      )
      this.phase = finished ? 'finished' : this.#stopping ? 'stopped' : 'paused'
    })
  }

  /** Makes one step, of a new training where none is open. */
  async step(settings: TrainSettings): Promise<void> {
    if (this.phase !== 'paused') {
      const opened = await this.#open(settings, (engine, onUpdate) => engine.create(settings, onUpdate))
      if (!opened) return
    }
    this.phase = 'stepping'
    await this.#work(async () => {
      const finished = await this.#ask((engine) => engine.trainOneStep())
      this.phase = finished ? 'finished' : 'paused'
    })
  }

  pause(): void {
    this.#pausing?.abort()
  }

  /** Ends the training; its model stays, and so does what is saved. */
  stop(): void {
    if (this.phase === 'paused') this.phase = 'stopped'
    else {
      this.#stopping = true
      this.pause()
    }
  }

  write(text: string): Promise<string> {
    return this.#ask((engine) => engine.write(text))
  }

  file(name: string): Promise<Blob> {
    return this.#ask((engine) => engine.file(name))
  }

  #stopping = false

  async #open(
    settings: TrainSettings,
    open: (
      engine: EngineConnection<TrainingEngine>['engine'],
      onUpdate: (update: RunUpdate) => void,
    ) => Promise<OpenedRun>,
  ): Promise<boolean> {
    this.phase = 'opening'
    this.error = undefined
    this.lost = false
    this.notSaved = undefined
    this.progress = undefined
    this.look = undefined
    this.savedStep = undefined
    this.seconds = 0
    this.#secondsBefore = 0
    try {
      const opened = await this.#ask((engine) =>
        open(
          engine,
          proxy((update: RunUpdate) => this.#take(update)),
        ),
      )
      this.opened = opened
      this.settings = settings
      this.curve = { losses: [...opened.history.losses], evaluations: opened.history.evaluations }
      this.waiting = undefined
      return true
    } catch (error) {
      this.phase = 'none'
      this.opened = undefined
      this.error = messageOf(error)
      return false
    }
  }

  /** Keeps time, and what goes wrong. */
  async #work(work: () => Promise<void>): Promise<void> {
    this.error = undefined
    this.lost = false
    this.#stopping = false
    this.#startedAt = performance.now()
    try {
      await work()
    } catch (error) {
      this.error = messageOf(error)
      // A worker that died took the model along, and so does a device that is lost.
      if (!this.#connection) this.phase = 'none'
      else if (await this.#deviceWorks()) this.phase = 'stopped'
      else await this.#forgetLost()
    }
    this.#secondsBefore = this.seconds = this.#elapsed()
    this.#startedAt = undefined
  }

  async #deviceWorks(): Promise<boolean> {
    // A worker that died says so by itself.
    return this.#ask((engine) => engine.deviceWorks()).catch(() => true)
  }

  /** Leaves what is saved to go on with. */
  async #forgetLost(): Promise<void> {
    this.lost = true
    this.opened = undefined
    this.waiting = await this.#ask((engine) => engine.waiting()).catch(() => undefined)
    this.phase = 'none'
  }

  #elapsed(): number {
    const since = this.#startedAt === undefined ? 0 : performance.now() - this.#startedAt
    return this.#secondsBefore + since / 1000
  }

  #take(update: RunUpdate): void {
    switch (update.type) {
      case 'progress': {
        const { losses, evaluations } = this.curve
        ;(losses as number[]).push(...update.newLosses)
        this.curve = { losses, evaluations }
        this.progress = update.progress
        this.seconds = this.#elapsed()
        return
      }
      case 'evaluation':
        this.curve = { ...this.curve, evaluations: [...this.curve.evaluations, update.evaluation] }
        return
      case 'look':
        this.look = update.look
        return
      case 'saved':
        this.savedStep = update.step
        this.notSaved = undefined
        return
      case 'not-saved':
        this.notSaved = update.reason
    }
  }

  /** Asks the worker; one that dies answers with why, and the next question starts another one. */
  async #ask<Result>(
    question: (engine: EngineConnection<TrainingEngine>['engine']) => Promise<Result>,
  ): Promise<Result> {
    const connection = (this.#connection ??= this.#connect())
    return Promise.race([question(connection.engine), connection.failed])
  }

  #connect(): EngineConnection<TrainingEngine> {
    const worker = new Worker(new URL('./train.worker.ts', import.meta.url), { type: 'module' })
    const connection = connectEngine<TrainingEngine>(worker)
    connection.failed.catch((error: unknown) => {
      connection.close()
      this.#connection = undefined
      this.phase = 'none'
      this.opened = undefined
      this.error = messageOf(error)
      void this.connect()
    })
    return connection
  }
}

let session: TrainingSession | undefined

/** The one training of this tab. */
export function trainingSession(): TrainingSession {
  session ??= new TrainingSession()
  return session
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error)
}
