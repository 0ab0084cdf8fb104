import type { DeviceApi, DeviceReport } from '@qkv/apps-shared/engine'
import { createDeviceHost, createTasks, expose } from '@qkv/apps-shared/engine/worker'
import { checkSettings } from './engine/check-settings.ts'
import { offeredParts } from './engine/offered-parts.ts'
import { runFiles } from './engine/run-files.ts'
import type { History, RunDescription, RunUpdate } from './engine/run-updates.ts'
import { savedRunsInBrowser } from './engine/saved-runs.ts'
import { TrainingRun } from './engine/training-run.ts'
import type { PartEntry } from './parts/part-entry.ts'
import type { TrainSettings } from './settings/settings.ts'

/** A training that waits in the browser's storage. */
export interface Waiting {
  readonly settings: TrainSettings
  readonly step: number
}

/** A training that was made, or taken up. */
export interface OpenedRun {
  readonly description: RunDescription
  readonly device: DeviceReport
  readonly step: number
  readonly steps: number
  readonly history: History
  readonly fileNames: readonly string[]
}

/** What the page can ask for. */
export interface TrainingEngine extends DeviceApi {
  /** The attention parts that can be chosen. */
  parts(): readonly PartEntry[]
  /** Why settings cannot work, in the library's words; `undefined` when they can. */
  check(settings: TrainSettings): Promise<string | undefined>
  /** The training in storage, if there is one. */
  waiting(): Promise<Waiting | undefined>
  /** Makes a training; the one in storage stays until the new one is saved. */
  create(settings: TrainSettings, onUpdate: (update: RunUpdate) => void): Promise<OpenedRun>
  /** Takes up the training in storage. */
  takeUp(onUpdate: (update: RunUpdate) => void): Promise<OpenedRun>
  /** Trains until the end, or until the task is cancelled; says whether the end was reached. */
  train(task: number): Promise<boolean>
  /** Makes one step; says whether it was the last one. */
  trainOneStep(): Promise<boolean>
  /** What the model makes of a text; between two steps while it is being trained. */
  write(text: string): Promise<string>
  /** A file of the training, by one of `fileNames`. */
  file(name: string): Promise<Blob>
}

const host = createDeviceHost()
const tasks = createTasks()
const savedRuns = savedRunsInBrowser()
let open: TrainingRun | undefined

async function openRun(
  settings: TrainSettings,
  parts: Pick<ConstructorParameters<typeof TrainingRun>[1], 'saved' | 'onUpdate'>,
): Promise<OpenedRun> {
  open?.dispose()
  open = undefined
  const device = await host.open(settings.backend)
  const run = new TrainingRun(settings, { ...parts, device: host.device, savedRuns })
  try {
    await run.open()
  } catch (error) {
    run.dispose()
    throw error
  }
  open = run
  const { description, step, steps, history } = run
  return { description, device, step, steps, history, fileNames: [...runFiles(run).keys()] }
}

function theRun(): TrainingRun {
  if (open === undefined) throw new Error('train: nothing is being trained, expected create or takeUp first.')
  return open
}

const engine: TrainingEngine = {
  openDevice: (backend) => host.open(backend),
  listBackends: host.list,
  deviceWorks: host.works,
  cancel: tasks.cancel,
  parts: offeredParts,
  check: checkSettings,
  async waiting() {
    const saved = await savedRuns.load()
    return saved && { settings: saved.settings, step: saved.snapshot.state.step }
  },
  create: (settings, onUpdate) => openRun(settings, { onUpdate }),
  async takeUp(onUpdate) {
    const saved = await savedRuns.load()
    if (!saved) throw new Error('train: there is no saved training, expected one: start a new one.')
    return openRun(saved.settings, { saved, onUpdate })
  },
  train: (task) => runUntilPaused(task),
  async trainOneStep() {
    const run = theRun()
    await run.trainOneStep()
    return run.step === run.steps
  },
  async write(text) {
    const { translator } = theRun()
    const [translation] = await theRun().between(() => translator.translate([text]))
    return translation!.text
  },
  async file(name) {
    const content = await runFiles(theRun()).get(name)!()
    return new Blob([content])
  },
}

/** A pause is no error here, unlike for other tasks: the step is finished and saved. */
async function runUntilPaused(task: number): Promise<boolean> {
  const run = theRun()
  let finished = false
  await tasks
    .run(task, async (signal) => {
      finished = (await run.train(signal)) !== 'aborted'
    })
    .catch((error: unknown) => {
      if (!(error instanceof DOMException && error.name === 'AbortError')) throw error
    })
  return finished
}

expose(engine)
