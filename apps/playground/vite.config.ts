import { appConfig } from '@qkv/apps-shared/vite'
import { defineConfig } from 'vite'

export default defineConfig(appConfig())
