import type { DeviceApi } from '@qkv/apps-shared/engine'
import { createDeviceHost, createTasks, expose } from '@qkv/apps-shared/engine/worker'

const host = createDeviceHost()
const tasks = createTasks()

/** What the page can ask for. */
export type TranslationEngine = DeviceApi

expose({ openDevice: host.open, cancel: tasks.cancel } satisfies TranslationEngine)
