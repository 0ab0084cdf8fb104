import { expose } from '@qkv/apps-shared/engine/worker'
import { createTranslationEngine } from './engine/create-translation-engine.ts'

expose(createTranslationEngine())
